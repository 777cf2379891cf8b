package io.weir.resource.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.resource.HttpRoute;
import io.weir.resource.HttpRoute.BackendRef;
import io.weir.resource.HttpRoute.Filter;
import io.weir.resource.HttpRoute.Header;
import io.weir.resource.HttpRoute.HeaderChange;
import io.weir.resource.HttpRoute.Match;
import io.weir.resource.HttpRoute.MatchType;
import io.weir.resource.HttpRoute.PathChange;
import io.weir.resource.HttpRoute.PathMatch;
import io.weir.resource.HttpRoute.Retry;
import io.weir.resource.HttpRoute.Rule;
import io.weir.resource.HttpRoute.Timeouts;
import io.weir.resource.HttpRoute.ValueMatch;
import io.weir.resource.ParentRef;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;

class HttpRouteDecoderTest {

    @Test
    void parentsAndHostnames() {
        HttpRoute route =
                route(
                        """
                        parentRefs:
                        - {name: a, sectionName: s, port: 80}
                        - {group: b.c, kind: D, namespace: e, name: f}
                        hostnames: [a.example.com, "*.example.com"]
                        """);
        assertThat(route.parentRefs())
                .containsExactly(
                        new ParentRef("gateway.networking.k8s.io", "Gateway", "team", "a", "s", 80),
                        new ParentRef("b.c", "D", "e", "f", null, null));
        assertThat(route.hostnames()).containsExactly("a.example.com", "*.example.com");
    }

    @Test
    void matches() {
        Rule rule =
                rule(
                        """
                        matches:
                        - path: {type: Exact, value: /a}
                          method: POST
                          headers: [{name: X-A, value: b}, {type: RegularExpression, name: X-C, value: d.*}]
                          queryParams: [{name: e, value: f}]
                        - path: {type: RegularExpression, value: /b/.*}
                        - method: GET
                        """);
        assertThat(rule.matches())
                .containsExactly(
                        new Match(
                                new PathMatch(MatchType.EXACT, "/a"),
                                List.of(
                                        new ValueMatch(MatchType.EXACT, "X-A", "b"),
                                        new ValueMatch(MatchType.REGULAR_EXPRESSION, "X-C", "d.*")),
                                List.of(new ValueMatch(MatchType.EXACT, "e", "f")),
                                "POST"),
                        new Match(
                                new PathMatch(MatchType.REGULAR_EXPRESSION, "/b/.*"),
                                List.of(),
                                List.of(),
                                null),
                        new Match(
                                new PathMatch(MatchType.PATH_PREFIX, "/"),
                                List.of(),
                                List.of(),
                                "GET"));
    }

    @Test
    void ofHeadersWhoseNamesDifferInCaseTheFirstCounts() {
        LoadResult result =
                ManifestTesting.load(
                        text(
                                """
                                rules:
                                - matches: [{headers: [{name: X-A, value: b}, {name: x-a, value: c}]}]
                                """));
        Rule rule = result.objects().all(HttpRoute.class).getFirst().rules().getFirst();
        assertThat(rule.matches().getFirst().headers())
                .containsExactly(new ValueMatch(MatchType.EXACT, "X-A", "b"));
        assertThat(result.problems()).hasSize(1);
    }

    @Test
    void filters() {
        String header = "{set: [{name: A, value: b}], add: [{name: C, value: d}], remove: [E]}";
        Rule rule =
                rule(
                        """
                        filters:
                        - {type: RequestHeaderModifier, requestHeaderModifier: %s}
                        - {type: ResponseHeaderModifier, responseHeaderModifier: %s}
                        - {type: RequestMirror, requestMirror: {backendRef: {name: m, port: 80}, percent: 10}}
                        - {type: RequestMirror, requestMirror: {backendRef: {name: m, port: 80}, fraction: {numerator: 1, denominator: 3}}}
                        - {type: URLRewrite, urlRewrite: {hostname: a.b, path: {type: ReplacePrefixMatch, replacePrefixMatch: /x}}}
                        """
                                .formatted(header, header));
        HeaderChange change =
                new HeaderChange(
                        List.of(new Header("A", "b")), List.of(new Header("C", "d")), List.of("E"));
        BackendRef mirror = new BackendRef("", "Service", "team", "m", 80, 1, List.of());
        assertThat(rule.filters())
                .containsExactly(
                        new Filter.RequestHeaderModifier(change),
                        new Filter.ResponseHeaderModifier(change),
                        new Filter.RequestMirror(mirror, 10, 100),
                        new Filter.RequestMirror(mirror, 1, 3),
                        new Filter.UrlRewrite("a.b", new PathChange.ReplacePrefixMatch("/x")));
    }

    @Test
    void redirects() {
        Rule rule =
                rule(
                        """
                        filters:
                        - type: RequestRedirect
                          requestRedirect:
                            scheme: https
                            hostname: a.b
                            path: {type: ReplaceFullPath, replaceFullPath: /x}
                            port: 8443
                            statusCode: 308
                        """);
        assertThat(rule.filters())
                .containsExactly(
                        new Filter.RequestRedirect(
                                "https", "a.b", new PathChange.ReplaceFullPath("/x"), 8443, 308));
    }

    @Test
    void backendsTimeoutsAndRetries() {
        Rule rule =
                rule(
                        """
                        name: first
                        backendRefs:
                        - {group: inference.networking.k8s.io, kind: InferencePool, name: p, port: 8000, weight: 90}
                        - name: s
                          namespace: other
                          port: 80
                          weight: 0
                          filters: [{type: URLRewrite, urlRewrite: {hostname: a.b}}]
                        timeouts: {request: 1m, backendRequest: 10s}
                        retry: {codes: [500, 503], attempts: 2, backoff: 100ms}
                        """);
        assertThat(rule.name()).isEqualTo("first");
        assertThat(rule.backendRefs())
                .containsExactly(
                        new BackendRef(
                                "inference.networking.k8s.io",
                                "InferencePool",
                                "team",
                                "p",
                                8000,
                                90,
                                List.of()),
                        new BackendRef(
                                "",
                                "Service",
                                "other",
                                "s",
                                80,
                                0,
                                List.of(new Filter.UrlRewrite("a.b", null))));
        assertThat(rule.timeouts())
                .isEqualTo(new Timeouts(Duration.ofMinutes(1), Duration.ofSeconds(10)));
        assertThat(rule.retry()).isEqualTo(new Retry(List.of(500, 503), 2, Duration.ofMillis(100)));
    }

    private static Rule rule(String rule) {
        return route("rules:\n-\n" + rule.indent(2)).rules().getFirst();
    }

    private static HttpRoute route(String spec) {
        return ManifestTesting.one(HttpRoute.class, text(spec));
    }

    private static String text(String spec) {
        return """
        apiVersion: gateway.networking.k8s.io/v1
        kind: HTTPRoute
        metadata: {name: a, namespace: team}
        spec:
        """
                + spec.indent(2);
    }
}
