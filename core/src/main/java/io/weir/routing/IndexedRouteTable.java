package io.weir.routing;

import org.jspecify.annotations.Nullable;

import java.util.Collection;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

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
    private final ElementIndex<PathIndex> wildcardHosts;
    private final PathIndex anyHost;
    private final boolean dependsOnBody;

    private IndexedRouteTable(
            Map<String, PathIndex> exactHosts,
            Map<String, PathIndex> wildcardHosts,
            PathIndex anyHost) {
        this.exactHosts = exactHosts;
        this.wildcardHosts = ElementIndex.ofHostSuffixes(wildcardHosts);
        this.anyHost = anyHost;
        this.dependsOnBody =
                anyHost.dependsOnBody()
                        || exactHosts.values().stream().anyMatch(PathIndex::dependsOnBody)
                        || wildcardHosts.values().stream().anyMatch(PathIndex::dependsOnBody);
    }

    /**
     * Builds a table.
     *
     * @param routes the routes of one listener, with the host names that its own host name leaves
     * @param bodyHeaders names of headers that are derived from the body, beside those of {@link
     *     RoutingHeaders}
     */
    public static RouteTable of(Collection<RouteSource> routes, Collection<String> bodyHeaders) {
        Builder builder = new Builder(bodyHeaders);
        routes.forEach(builder::add);
        return builder.build();
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

    private static final class Builder {
        private final Map<String, PathIndex.Builder> exactHosts = new HashMap<>();
        private final Map<String, PathIndex.Builder> wildcardHosts = new HashMap<>();
        private final PathIndex.Builder anyHost = new PathIndex.Builder();
        private final Set<String> bodyNames;

        Builder(Collection<String> bodyHeaders) {
            bodyNames =
                    bodyHeaders.stream()
                            .map(name -> name.toLowerCase(Locale.ROOT))
                            .collect(Collectors.toSet());
            bodyNames.add(RoutingHeaders.MODEL.toLowerCase(Locale.ROOT));
            bodyNames.add(RoutingHeaders.BASE_MODEL.toLowerCase(Locale.ROOT));
        }

        void add(RouteSource source) {
            for (RouteSource.Rule rule : source.rules()) {
                for (int i = 0; i < rule.matches().size(); i++) {
                    var match = rule.matches().get(i);
                    var entry = new MatchEntry(source, rule.rule(), match, i, bodyNames);
                    if (source.hostnames().isEmpty()) {
                        anyHost.add(match, entry);
                    }
                    for (String hostname : source.hostnames()) {
                        host(hostname).add(match, entry);
                    }
                }
            }
        }

        private PathIndex.Builder host(String hostname) {
            return hostname.startsWith("*.")
                    ? wildcardHosts.computeIfAbsent(
                            hostname.substring(2), _ -> new PathIndex.Builder())
                    : exactHosts.computeIfAbsent(hostname, _ -> new PathIndex.Builder());
        }

        RouteTable build() {
            return new IndexedRouteTable(built(exactHosts), built(wildcardHosts), anyHost.build());
        }

        private static Map<String, PathIndex> built(Map<String, PathIndex.Builder> builders) {
            Map<String, PathIndex> built = HashMap.newHashMap(builders.size());
            builders.forEach((host, builder) -> built.put(host, builder.build()));
            return built;
        }
    }
}
