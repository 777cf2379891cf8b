package io.weir.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.resource.HttpRoute.Match;
import io.weir.resource.HttpRoute.MatchType;
import io.weir.resource.HttpRoute.PathMatch;
import io.weir.resource.HttpRoute.ValueMatch;
import io.weir.resource.ObjectName;
import io.weir.split.WeightedChoice;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;

class RouteTableTest {

    private static final Instant OLD = Instant.parse("2026-01-01T00:00:00Z");
    private static final Instant NEW = Instant.parse("2026-02-01T00:00:00Z");

    @ParameterizedTest
    @CsvSource({
        "/,prefix /",
        "/v1,prefix /v1",
        "/v1/,prefix /v1",
        "/v1/models,exact /v1/models",
        "/v1/models/,prefix /v1",
        "/v12,prefix /",
        "/v1/chat/completions,prefix /v1/chat",
        "/v1/chatter,prefix /v1",
        "/api/7/items,expression",
        "/api/x/items,prefix /",
    })
    void exactPathsWinThenExpressionsThenTheLongestPrefix(String path, String expected) {
        RouteTable table =
                table(
                        route("prefix /", match(prefix("/"))),
                        route("prefix /v1", match(prefix("/v1/"))),
                        route("prefix /v1/chat", match(prefix("/v1/chat"))),
                        route("exact /v1/models", match(exact("/v1/models"))),
                        route("expression", match(regex("/api/[0-9]+/.*"))));
        assertThat(matched(table, TestHead.get(path))).isEqualTo(expected);
    }

    @Test
    void aLongPathThatNothingMatchesFallsBackToShorterPrefixes() {
        RouteTable table =
                table(
                        route("deep", match(prefix("/a/b"), header("x", "1"))),
                        route("shallow", match(prefix("/a"))));
        assertThat(matched(table, TestHead.get("/a/b/c"))).isEqualTo("shallow");
        assertThat(matched(table, TestHead.get("/a/b/c").with("X", "1"))).isEqualTo("deep");
    }

    @ParameterizedTest
    @CsvSource({
        "very.specific.com,exact",
        "foo.specific.com,*.specific.com",
        "a.b.specific.com,*.specific.com",
        "specific.com,*.com",
        "foo.com,*.com",
        "com,any",
        "example.org,any",
        "xspecific.com,*.com",
    })
    void exactHostsWinThenTheLongestWildcardThenRoutesForEveryHost(String host, String expected) {
        RouteTable table =
                table(
                        route("any", match(prefix("/"))),
                        hosts(route("exact", match(prefix("/"))), "very.specific.com"),
                        hosts(route("*.com", match(exact("/"))), "*.com"),
                        hosts(route("*.specific.com", match(prefix("/"))), "*.specific.com"));
        assertThat(matched(table, TestHead.get("/").withHost(host))).isEqualTo(expected);
    }

    @Test
    void aHostWhoseRoutesDoNotMatchLeavesTheRequestToLessSpecificHosts() {
        RouteTable table =
                table(
                        hosts(route("exact", match(prefix("/a"))), "x.example.com"),
                        hosts(route("wildcard", match(prefix("/b"))), "*.example.com"),
                        route("any", match(prefix("/"))));
        assertThat(matched(table, TestHead.get("/b").withHost("x.example.com")))
                .isEqualTo("wildcard");
        assertThat(matched(table, TestHead.get("/c").withHost("x.example.com"))).isEqualTo("any");
    }

    @Test
    void aHostNameBeatsALongerPathOfALessSpecificHost() {
        RouteTable table =
                table(
                        hosts(route("host", match(prefix("/"))), "x.example.com"),
                        hosts(route("wildcard", match(exact("/a/b"))), "*.example.com"));
        assertThat(matched(table, TestHead.get("/a/b").withHost("x.example.com")))
                .isEqualTo("host");
    }

    @Test
    void methodBeatsHeadersAndHeadersBeatQueryParameters() {
        RouteTable table =
                table(
                        route("plain", match(prefix("/"))),
                        route("query", match(prefix("/"), query("a", "1"), query("b", "2"))),
                        route("header", match(prefix("/"), header("x", "1"))),
                        route("headers", match(prefix("/"), header("x", "1"), header("y", "2"))),
                        route("method", withMethod(match(prefix("/")), "POST")));
        TestHead all = TestHead.of("POST", "/?a=1&b=2").with("x", "1").with("y", "2");
        TestHead get = new TestHead("GET", "", "/", all.query(), all.headers());
        assertThat(matched(table, all)).isEqualTo("method");
        assertThat(matched(table, get)).isEqualTo("headers");
        assertThat(matched(table, TestHead.get("/?a=1&b=2").with("x", "1"))).isEqualTo("header");
        assertThat(matched(table, TestHead.get("/?a=1&b=2"))).isEqualTo("query");
        assertThat(matched(table, TestHead.get("/?a=1"))).isEqualTo("plain");
    }

    @Test
    void amongEqualMatchesTheOlderRouteWinsThenTheNameThenTheOrderOfRules() {
        RouteSource younger = source("a", NEW, List.of(match(prefix("/"))));
        RouteSource older = source("z", OLD, List.of(match(prefix("/"))));
        RouteSource named =
                source("b", OLD, List.of(match(prefix("/"))), List.of(match(prefix("/"))));
        assertThat(matched(table(younger, older), TestHead.get("/"))).isEqualTo("z");
        assertThat(matched(table(younger, older, named), TestHead.get("/"))).isEqualTo("b");
        assertThat(found(table(named), "/").rule().index()).isZero();
    }

    @Test
    void headerNamesIgnoreCaseAndValuesDoNot() {
        RouteTable table = table(route("r", match(prefix("/"), header("X-Model", "Llama"))));
        assertThat(matched(table, TestHead.get("/").with("x-model", "Llama"))).isEqualTo("r");
        assertThat(matched(table, TestHead.get("/").with("X-MODEL", "llama"))).isNull();
    }

    @Test
    void ofSeveralConditionsOnOneHeaderOnlyTheFirstCounts() {
        RouteTable table =
                table(
                        route("two", match(prefix("/"), header("x", "1"), header("y", "1"))),
                        route(
                                "one",
                                match(
                                        prefix("/"),
                                        header("x", "1"),
                                        header("X", "2"),
                                        header("x", "3"))));
        assertThat(matched(table, TestHead.get("/").with("x", "1"))).isEqualTo("one");
        assertThat(matched(table, TestHead.get("/").with("x", "1").with("y", "1")))
                .isEqualTo("two");
    }

    @Test
    void expressionsMatchWholeValues() {
        RouteTable table = table(route("r", match(prefix("/"), headerRegex("x", "(a|b)+"))));
        assertThat(matched(table, TestHead.get("/").with("x", "abab"))).isEqualTo("r");
        assertThat(matched(table, TestHead.get("/").with("x", "ababc"))).isNull();
    }

    @Test
    void anExpressionThatBacktracksElsewhereIsAnsweredAtOnce() {
        RouteTable table = table(route("r", match(regex("/(a+)+$"))));
        assertThat(matched(table, TestHead.get("/" + "a".repeat(100_000) + "!"))).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "a=1,r",
        "a=2&a=1,",
        "a=1&a=2,r",
        "b=1&a=1&c,r",
        "a,",
        "aa=1,",
        "x=a=1,",
        "%61=%31,r",
        "a=%3,",
        "'',",
        "&&a=1,r",
    })
    void theFirstQueryParameterOfANameCountsDecoded(String query, @Nullable String expected) {
        RouteTable table = table(route("r", match(prefix("/"), query("a", "1"))));
        assertThat(matched(table, TestHead.get("/?" + query))).isEqualTo(expected);
    }

    @Test
    void queryValuesMayHoldSpacesAndExpressions() {
        RouteTable table =
                table(
                        route("space", match(prefix("/"), query("q", "a b"))),
                        route("expression", match(prefix("/"), queryRegex("n", "[0-9]+"))));
        assertThat(matched(table, TestHead.get("/?q=a+b"))).isEqualTo("space");
        assertThat(matched(table, TestHead.get("/?q=a%20b"))).isEqualTo("space");
        assertThat(matched(table, TestHead.get("/?n=42"))).isEqualTo("expression");
        assertThat(matched(table, TestHead.get("/?n=4x"))).isNull();
    }

    @Test
    void theMatchedPrefixIsTheOneOfTheRuleWithoutItsTrailingSlash() {
        RouteTable table =
                table(
                        route("p", match(prefix("/v1/"))),
                        route("root", match(prefix("/"))),
                        route("e", match(exact("/e"))));
        assertThat(prefixOf(table, "/v1/x")).isEqualTo("/v1");
        assertThat(prefixOf(table, "/x")).isEqualTo("/");
        assertThat(prefixOf(table, "/e")).isEmpty();
    }

    @Test
    void theBodyIsNeededOnlyWhereARuleThatCouldMatchLooksAtIt() {
        RouteTable table =
                table(
                        route("model", match(prefix("/v1"), header(RoutingHeaders.MODEL, "m"))),
                        route("plain", match(prefix("/v1"))),
                        route("exact", match(exact("/v1/models"))),
                        route(
                                "tenant",
                                match(
                                        prefix("/t"),
                                        header("x-tenant", "a"),
                                        header("X-GATEWAY-BASE-MODEL-NAME", "b"))),
                        route("policy", match(prefix("/p"), header("X-Computed", "c"))),
                        hosts(route("host", match(prefix("/"))), "plain.example.com"));
        assertThat(table.dependsOnBody(TestHead.get("/v1/chat"))).isTrue();
        assertThat(table.dependsOnBody(TestHead.get("/v1/models"))).isFalse();
        assertThat(table.dependsOnBody(TestHead.get("/t"))).isFalse();
        assertThat(table.dependsOnBody(TestHead.get("/t").with("x-tenant", "a"))).isTrue();
        assertThat(table.dependsOnBody(TestHead.get("/p"))).isTrue();
        assertThat(table.dependsOnBody(TestHead.get("/other"))).isFalse();
        assertThat(table.dependsOnBody(TestHead.get("/v1/x").withHost("plain.example.com")))
                .isFalse();
    }

    @Test
    void bigBucketsKeepThePrecedenceOfSmallOnes() {
        List<RouteSource> routes = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            routes.add(route("m" + i, match(prefix("/"), header("X-Model", "model-" + i))));
        }
        routes.add(
                route("both", match(prefix("/"), header("X-Model", "model-7"), header("x", "1"))));
        routes.add(route("other", match(prefix("/"), header("x", "1"))));
        routes.add(route("post", withMethod(match(prefix("/")), "POST")));
        routes.add(route("rest", match(prefix("/"))));
        RouteTable table = table(routes.toArray(RouteSource[]::new));

        TestHead seven = TestHead.get("/").with("x-model", "model-7");
        assertThat(matched(table, seven)).isEqualTo("m7");
        assertThat(matched(table, seven.with("x", "1"))).isEqualTo("both");
        assertThat(matched(table, TestHead.get("/").with("x", "1"))).isEqualTo("other");
        assertThat(matched(table, TestHead.get("/").with("x-model", "none"))).isEqualTo("rest");
        assertThat(matched(table, TestHead.of("POST", "/").with("x-model", "model-7")))
                .isEqualTo("post");
    }

    @Test
    void fiveThousandRoutesCostLittleMoreThanFifty() {
        // Given
        Instant created = OLD;
        var small = IndexedRouteTable.of(manyRoutes(50, created), Set.of());
        var large = IndexedRouteTable.of(manyRoutes(5000, created), Set.of());

        // When
        long smallNanos = Long.MAX_VALUE;
        long largeNanos = Long.MAX_VALUE;
        for (int round = 0; round < 7; round++) {
            smallNanos = Math.min(smallNanos, nanosFor(small, 50));
            largeNanos = Math.min(largeNanos, nanosFor(large, 50));
        }

        // Then
        assertThat((double) largeNanos / smallNanos).isLessThan(10.0);
    }

    private static long nanosFor(RouteTable table, int routes) {
        List<TestHead> heads =
                IntStream.range(0, routes)
                        .mapToObj(i ->
                                TestHead.get("/tenant-" + i + "/v1/x")
                                        .withHost("host-" + i + ".example.com")
                                        .with("x-model", "model-" + i))
                        .toList();
        long start = System.nanoTime();
        int hits = 0;
        for (int i = 0; i < 20_000; i++) {
            hits += table.match(heads.get(i % routes)) == null ? 0 : 1;
        }
        assertThat(hits).isEqualTo(20_000);
        return System.nanoTime() - start;
    }

    private static List<RouteSource> manyRoutes(int count, Instant created) {
        List<RouteSource> routes = new ArrayList<>();
        for (int i = 0; i < count / 5; i++) {
            routes.add(source("p" + i, created, List.of(match(prefix("/tenant-" + i)))));
            routes.add(source("e" + i, created, List.of(match(exact("/e/" + i)))));
            routes.add(
                    source(
                            "m" + i,
                            created,
                            List.of(match(prefix("/"), header("x-model", "model-" + i)))));
            routes.add(
                    hosts(
                            source("h" + i, created, List.of(match(prefix("/none")))),
                            "host-" + i + ".example.com"));
            routes.add(
                    hosts(
                            source("w" + i, created, List.of(match(prefix("/none")))),
                            "*.host-" + i + ".example.com"));
        }
        routes.add(source("rest", created, List.of(match(prefix("/")))));
        return routes;
    }

    private static @Nullable String matched(RouteTable table, RequestHead head) {
        RouteMatch match = table.match(head);
        return match == null ? null : match.rule().route().name();
    }

    private static String prefixOf(RouteTable table, String path) {
        return found(table, path).matchedPrefix();
    }

    private static RouteMatch found(RouteTable table, String path) {
        return Objects.requireNonNull(table.match(TestHead.get(path)));
    }

    private static RouteTable table(RouteSource... routes) {
        return IndexedRouteTable.of(List.of(routes), Set.of("x-computed"));
    }

    private static RouteSource route(String name, Match match) {
        return source(name, OLD, List.of(match));
    }

    @SafeVarargs
    private static RouteSource source(String name, Instant created, List<Match>... rules) {
        ObjectName route = new ObjectName("default", name);
        List<RouteSource.Rule> sources = new ArrayList<>();
        for (int i = 0; i < rules.length; i++) {
            sources.add(new RouteSource.Rule(rule(route, i), rules[i]));
        }
        return new RouteSource(route, created, List.of(), sources);
    }

    private static RouteSource hosts(RouteSource source, String... hosts) {
        return new RouteSource(source.route(), source.createdAt(), List.of(hosts), source.rules());
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

    private static Match match(PathMatch path, Object... conditions) {
        List<ValueMatch> headers = new ArrayList<>();
        List<ValueMatch> params = new ArrayList<>();
        for (Object condition : conditions) {
            switch (condition) {
                case HeaderIs(ValueMatch match) -> headers.add(match);
                case QueryIs(ValueMatch match) -> params.add(match);
                default -> throw new IllegalArgumentException("condition: " + condition);
            }
        }
        return new Match(path, headers, params, null);
    }

    private static Match withMethod(Match match, String method) {
        return new Match(match.path(), match.headers(), match.queryParams(), method);
    }

    private static PathMatch prefix(String value) {
        return new PathMatch(MatchType.PATH_PREFIX, value);
    }

    private static PathMatch exact(String value) {
        return new PathMatch(MatchType.EXACT, value);
    }

    private static PathMatch regex(String value) {
        return new PathMatch(MatchType.REGULAR_EXPRESSION, value);
    }

    private static HeaderIs header(String name, String value) {
        return new HeaderIs(new ValueMatch(MatchType.EXACT, name, value));
    }

    private static HeaderIs headerRegex(String name, String value) {
        return new HeaderIs(new ValueMatch(MatchType.REGULAR_EXPRESSION, name, value));
    }

    private static QueryIs query(String name, String value) {
        return new QueryIs(new ValueMatch(MatchType.EXACT, name, value));
    }

    private static QueryIs queryRegex(String name, String value) {
        return new QueryIs(new ValueMatch(MatchType.REGULAR_EXPRESSION, name, value));
    }

    private record HeaderIs(ValueMatch match) {}

    private record QueryIs(ValueMatch match) {}
}
