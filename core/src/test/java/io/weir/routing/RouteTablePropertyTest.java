package io.weir.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.resource.HttpRoute.Match;
import io.weir.resource.HttpRoute.MatchType;
import io.weir.resource.HttpRoute.PathMatch;
import io.weir.resource.HttpRoute.ValueMatch;
import io.weir.resource.ObjectName;
import io.weir.split.WeightedChoice;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;

/** Compares the index with the specification's rules applied to every match in turn. */
class RouteTablePropertyTest {

    private static final List<String> HOSTS =
            List.of("a.com", "b.a.com", "c.b.a.com", "*.com", "*.a.com", "*.b.a.com", "x.org");
    private static final List<String> PATHS =
            List.of("/", "/a", "/a/", "/a/b", "/a/b/c", "/ab", "/a/bc", "/b", "/b/a");
    private static final List<String> EXPRESSIONS = List.of("/a.*", "/[ab]/b", ".*c");
    private static final List<String> METHODS = List.of("GET", "POST");
    private static final List<String> VALUES = List.of("1", "2");

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void theIndexFindsWhatTheSpecificationSays(long seed) {
        Random random = new Random(seed);
        List<RouteSource> routes = routes(random, 5 + random.nextInt(60));
        RouteTable table = IndexedRouteTable.of(routes, Set.of());
        for (int i = 0; i < 2000; i++) {
            TestHead head = head(random);
            RouteMatch found = table.match(head);
            assertThat(found == null ? null : found.rule().id())
                    .as("seed %d request %s", seed, head)
                    .isEqualTo(expected(routes, head));
        }
    }

    private static @Nullable String expected(List<RouteSource> routes, TestHead head) {
        List<Candidate> candidates = new ArrayList<>();
        for (RouteSource route : routes) {
            int host = hostRank(route, head.host());
            for (RouteSource.Rule rule : route.rules()) {
                for (Match match : rule.matches()) {
                    if (host >= 0 && matches(match, head)) {
                        candidates.add(new Candidate(route, rule.rule(), match, host));
                    }
                }
            }
        }
        return candidates.stream()
                .min(Candidate.PRECEDENCE)
                .map(best -> best.rule.id())
                .orElse(null);
    }

    /** Returns how specific the best host name is; -1 when none matches. */
    private static int hostRank(RouteSource route, String host) {
        int best = route.hostnames().isEmpty() ? 0 : -1;
        for (String name : route.hostnames()) {
            if (name.equals(host)) {
                best = Math.max(best, 1000 + name.length());
            } else if (name.startsWith("*.") && host.endsWith(name.substring(1))) {
                best = Math.max(best, name.length());
            }
        }
        return best;
    }

    private static boolean matches(Match match, TestHead head) {
        String path = head.path();
        String value = match.path().value();
        String prefix = value.endsWith("/") ? value.substring(0, value.length() - 1) : value;
        boolean pathMatches =
                switch (match.path().type()) {
                    case EXACT -> path.equals(value);
                    case PATH_PREFIX -> path.equals(prefix) || path.startsWith(prefix + "/");
                    case REGULAR_EXPRESSION -> path.matches(value);
                };
        return pathMatches
                && (match.method() == null || match.method().equals(head.method()))
                && first(match.headers()).stream()
                        .allMatch(h -> h.value().equals(head.header(h.name())))
                && first(match.queryParams()).stream()
                        .allMatch(q -> q.value().equals(param(head, q.name())));
    }

    private static List<ValueMatch> first(List<ValueMatch> matches) {
        List<ValueMatch> first = new ArrayList<>();
        for (ValueMatch match : matches) {
            String name = match.name().toLowerCase(Locale.ROOT);
            if (first.stream().noneMatch(m -> m.name().toLowerCase(Locale.ROOT).equals(name))) {
                first.add(match);
            }
        }
        return first;
    }

    private static @Nullable String param(TestHead head, String name) {
        if (head.query() == null) {
            return null;
        }
        for (String pair : head.query().split("&", -1)) {
            if (pair.startsWith(name + "=")) {
                return pair.substring(name.length() + 1);
            }
        }
        return null;
    }

    private static List<RouteSource> routes(Random random, int count) {
        List<RouteSource> routes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ObjectName name = new ObjectName("ns" + random.nextInt(2), "route-" + i);
            List<RouteSource.Rule> rules = new ArrayList<>();
            for (int r = 0; r <= random.nextInt(3); r++) {
                rules.add(new RouteSource.Rule(rule(name, r), matches(random)));
            }
            List<String> hosts = new ArrayList<>();
            while (random.nextInt(2) == 0) {
                hosts.add(pick(random, HOSTS));
            }
            Instant created = Instant.ofEpochSecond(random.nextInt(3));
            routes.add(new RouteSource(name, created, hosts.stream().distinct().toList(), rules));
        }
        return routes;
    }

    private static List<Match> matches(Random random) {
        List<Match> matches = new ArrayList<>();
        do {
            MatchType type =
                    random.nextInt(8) == 0
                            ? MatchType.REGULAR_EXPRESSION
                            : random.nextBoolean() ? MatchType.EXACT : MatchType.PATH_PREFIX;
            String path = pick(random, type == MatchType.REGULAR_EXPRESSION ? EXPRESSIONS : PATHS);
            matches.add(
                    new Match(
                            new PathMatch(type, path),
                            values(random, List.of("X-One", "x-one", "x-two")),
                            values(random, List.of("p", "q")),
                            random.nextInt(3) == 0 ? pick(random, METHODS) : null));
        } while (random.nextInt(3) == 0);
        return matches;
    }

    private static List<ValueMatch> values(Random random, List<String> names) {
        List<ValueMatch> values = new ArrayList<>();
        while (random.nextInt(3) == 0) {
            values.add(new ValueMatch(MatchType.EXACT, pick(random, names), pick(random, VALUES)));
        }
        return values;
    }

    private static TestHead head(Random random) {
        String query =
                random.nextBoolean()
                        ? ""
                        : "?p=" + pick(random, VALUES) + "&q=" + pick(random, VALUES);
        TestHead head =
                TestHead.of(pick(random, METHODS), pick(random, PATHS) + query)
                        .withHost(pick(random, HOSTS).replace("*", "w"));
        if (random.nextBoolean()) {
            head = head.with("X-One", pick(random, VALUES));
        }
        return random.nextBoolean() ? head.with("X-Two", pick(random, VALUES)) : head;
    }

    private static String pick(Random random, List<String> from) {
        return from.get(random.nextInt(from.size()));
    }

    private static RouteRule rule(ObjectName route, int index) {
        return new RouteRule(
                route,
                index,
                List.of(),
                List.of(),
                WeightedChoice.of(List.of()),
                Duration.ZERO,
                Duration.ZERO,
                new RetryPolicy(Set.of(), 0, Duration.ZERO));
    }

    private record Candidate(RouteSource route, RouteRule rule, Match match, int host) {

        static final Comparator<Candidate> PRECEDENCE =
                Comparator.comparingInt((Candidate c) -> -c.host)
                        .thenComparingInt(Candidate::pathRank)
                        .thenComparing(Candidate::pathText)
                        .thenComparingInt(c -> c.match.method() == null ? 1 : 0)
                        .thenComparingInt(c -> -first(c.match.headers()).size())
                        .thenComparingInt(c -> -first(c.match.queryParams()).size())
                        .thenComparing(c -> c.route.createdAt())
                        .thenComparing(c -> c.route.route())
                        .thenComparingInt(c -> c.rule.index());

        private int pathRank() {
            String value = match.path().value();
            int slash = value.endsWith("/") ? 1 : 0;
            return switch (match.path().type()) {
                case EXACT -> -1_000_000;
                case REGULAR_EXPRESSION -> -10_000 - value.length();
                case PATH_PREFIX -> slash - value.length();
            };
        }

        /** Expressions of one length are in the order of their texts. */
        private String pathText() {
            return match.path().type() == MatchType.REGULAR_EXPRESSION ? match.path().value() : "";
        }
    }
}
