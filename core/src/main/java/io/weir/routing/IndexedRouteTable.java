package io.weir.routing;

import io.weir.collection.PersistentMap;
import io.weir.resource.HttpRoute;

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

    private final PersistentMap<String, PathIndex> exactHosts;
    private final ElementIndex<PathIndex> wildcardHosts;
    private final PathIndex anyHost;
    private final Set<String> bodyNames;
    private final int bodyHosts;

    private IndexedRouteTable(
            PersistentMap<String, PathIndex> exactHosts,
            ElementIndex<PathIndex> wildcardHosts,
            PathIndex anyHost,
            Set<String> bodyNames,
            int bodyHosts) {
        this.exactHosts = exactHosts;
        this.wildcardHosts = wildcardHosts;
        this.anyHost = anyHost;
        this.bodyNames = bodyNames;
        this.bodyHosts = bodyHosts;
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
        return new IndexedRouteTable(
                        PersistentMap.empty(),
                        ElementIndex.ofHostSuffixes(),
                        PathIndex.EMPTY,
                        bodyNames,
                        0)
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
        if (bodyHosts == 0) {
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
        var suffix = wildcardHosts.longest(host);
        for (; suffix != null; suffix = wildcardHosts.shorter(host, suffix)) {
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
        private PersistentMap<String, PathIndex> exact = exactHosts;
        private ElementIndex<PathIndex> suffixes = wildcardHosts;
        private int body = bodyHosts;

        void remove(RouteSource source) {
            each(source, PathIndex.Change::remove);
        }

        void add(RouteSource source) {
            each(source, PathIndex.Change::add);
        }

        private void each(RouteSource source, Step step) {
            List<PathIndex.Change> places = hosts(source);
            for (RouteSource.Rule rule : source.rules()) {
                for (int i = 0; i < rule.matches().size(); i++) {
                    var match = rule.matches().get(i);
                    var entry = new MatchEntry(source, rule.rule(), match, i, bodyNames);
                    places.forEach(host -> step.take(host, match, entry));
                }
            }
        }

        private List<PathIndex.Change> hosts(RouteSource source) {
            return source.hostnames().isEmpty()
                    ? List.of(any)
                    : source.hostnames().stream()
                            .distinct()
                            .map(host -> hosts.computeIfAbsent(host, _ -> new PathIndex.Change()))
                            .toList();
        }

        IndexedRouteTable apply() {
            hosts.forEach((host, change) -> {
                if (host.startsWith("*.")) {
                    String suffix = host.substring(2);
                    suffixes = suffixes.with(suffix, changed(suffixes.get(suffix), change));
                } else {
                    PathIndex now = changed(exact.get(host), change);
                    exact = now == null ? exact.without(host) : exact.with(host, now);
                }
            });
            PathIndex anywhere = changed(anyHost, any);
            return new IndexedRouteTable(
                    exact,
                    suffixes,
                    anywhere == null ? PathIndex.EMPTY : anywhere,
                    bodyNames,
                    body);
        }

        /** Returns a changed index; null when nothing is left in it. */
        private @Nullable PathIndex changed(@Nullable PathIndex before, PathIndex.Change change) {
            PathIndex base = before == null ? PathIndex.EMPTY : before;
            PathIndex now = base.with(change);
            body += (now.dependsOnBody() ? 1 : 0) - (base.dependsOnBody() ? 1 : 0);
            return now.isEmpty() ? null : now;
        }
    }

    @FunctionalInterface
    private interface Step {
        void take(PathIndex.Change host, HttpRoute.Match match, MatchEntry entry);
    }
}
