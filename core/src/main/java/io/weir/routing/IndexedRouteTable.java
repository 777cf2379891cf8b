package io.weir.routing;

import org.jspecify.annotations.Nullable;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Routes indexed by host name, then by path, so that a request looks at few of them.
 *
 * <p>Precedence is that of the Gateway API: exact host names, then wildcards, the longest first,
 * then routes for every host; within a host exact path, expression, longest prefix; then method,
 * number of header matches, number of query matches, age, name and order. A host whose routes don't
 * match leaves the request to the next one.
 */
public final class IndexedRouteTable implements RouteTable {

    private final Map<String, PathIndex> exactHosts;
    private final Map<String, PathIndex> wildcards;
    private final ElementIndex<PathIndex> wildcardHosts;
    private final PathIndex anyHost;
    private final Set<String> bodyNames;
    private final boolean dependsOnBody;

    private IndexedRouteTable(
            Map<String, PathIndex> exactHosts,
            Map<String, PathIndex> wildcards,
            PathIndex anyHost,
            Set<String> bodyNames) {
        this.exactHosts = exactHosts;
        this.wildcards = wildcards;
        this.wildcardHosts = ElementIndex.ofHostSuffixes(wildcards);
        this.anyHost = anyHost;
        this.bodyNames = bodyNames;
        this.dependsOnBody =
                anyHost.dependsOnBody()
                        || exactHosts.values().stream().anyMatch(PathIndex::dependsOnBody)
                        || wildcards.values().stream().anyMatch(PathIndex::dependsOnBody);
    }

    /**
     * Builds a table.
     *
     * @param routes the routes of one listener, with the host names that its own host name leaves
     * @param bodyHeaders names of headers that are derived from the body, beside those of {@link
     *     RoutingHeaders}
     */
    public static IndexedRouteTable of(
            Collection<RouteSource> routes, Collection<String> bodyHeaders) {
        Set<String> bodyNames =
                Stream.concat(
                                bodyHeaders.stream(),
                                Stream.of(RoutingHeaders.MODEL, RoutingHeaders.BASE_MODEL))
                        .map(name -> name.toLowerCase(Locale.ROOT))
                        .collect(Collectors.toSet());
        return new IndexedRouteTable(Map.of(), Map.of(), PathIndex.EMPTY, bodyNames)
                .with(List.of(), routes);
    }

    /**
     * Returns this table with some routes changed. What has nothing to do with them is shared.
     *
     * @param gone routes to leave out, the very ones that this table was built of
     * @param added routes to take in
     */
    public IndexedRouteTable with(Collection<RouteSource> gone, Collection<RouteSource> added) {
        if (gone.isEmpty() && added.isEmpty()) {
            return this;
        }
        Change change = new Change();
        gone.forEach(change::remove);
        added.forEach(change::add);
        return change.apply();
    }

    @Override
    public @Nullable RouteMatch match(RequestHead head) {
        MatchEntry entry = first(head, true);
        return entry == null ? null : entry.result();
    }

    @Override
    public boolean dependsOnBody(RequestHead head) {
        if (!dependsOnBody) {
            return false;
        }
        MatchEntry entry = first(head, false);
        return entry != null && entry.dependsOnBody();
    }

    private @Nullable MatchEntry first(RequestHead head, boolean withBody) {
        String host = head.host();
        PathIndex exact = exactHosts.get(host);
        MatchEntry found = exact == null ? null : exact.first(head, withBody);
        if (found != null) {
            return found;
        }
        for (var suffix = wildcardHosts.longest(host); suffix != null; suffix = suffix.shorter()) {
            found = suffix.value().first(head, withBody);
            if (found != null) {
                return found;
            }
        }
        return anyHost.first(head, withBody);
    }

    /** What becomes of the indexes of host names. */
    private final class Change {
        private final Map<String, PathIndex.Change> hosts = new HashMap<>();
        private final PathIndex.Change any = new PathIndex.Change();

        void remove(RouteSource source) {
            for (PathIndex.Change host : hosts(source)) {
                host.remove(source);
            }
        }

        void add(RouteSource source) {
            List<PathIndex.Change> places = hosts(source);
            for (RouteSource.Rule rule : source.rules()) {
                for (int i = 0; i < rule.matches().size(); i++) {
                    var match = rule.matches().get(i);
                    var entry = new MatchEntry(source, rule.rule(), match, i, bodyNames);
                    places.forEach(host -> host.add(match, entry));
                }
            }
        }

        private List<PathIndex.Change> hosts(RouteSource source) {
            return source.hostnames().isEmpty()
                    ? List.of(any)
                    : source.hostnames().stream()
                            .map(host -> hosts.computeIfAbsent(host, _ -> new PathIndex.Change()))
                            .toList();
        }

        IndexedRouteTable apply() {
            Map<String, PathIndex> exact = new HashMap<>(exactHosts);
            Map<String, PathIndex> suffixes = new HashMap<>(wildcards);
            hosts.forEach((host, change) -> {
                if (host.startsWith("*.")) {
                    apply(change, suffixes, host.substring(2));
                } else {
                    apply(change, exact, host);
                }
            });
            return new IndexedRouteTable(exact, suffixes, anyHost.with(any), bodyNames);
        }

        private void apply(PathIndex.Change change, Map<String, PathIndex> indexes, String host) {
            PathIndex index = indexes.getOrDefault(host, PathIndex.EMPTY).with(change);
            if (index.isEmpty()) {
                indexes.remove(host);
            } else {
                indexes.put(host, index);
            }
        }
    }
}
