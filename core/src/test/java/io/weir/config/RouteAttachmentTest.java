package io.weir.config;

import static io.weir.config.Fixture.compile;
import static io.weir.config.Fixture.parentWords;
import static io.weir.config.Fixture.problems;
import static io.weir.config.Fixture.status;
import static io.weir.config.Fixture.words;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.routing.RouteMatch;
import io.weir.routing.TestHead;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RouteAttachmentTest {

    private static final String TWO_LISTENERS =
            """
            apiVersion: gateway.networking.k8s.io/v1
            kind: Gateway
            metadata: {name: gw}
            spec:
              gatewayClassName: weir
              listeners:
              - {name: one, port: 80, protocol: HTTP}
              - {name: two, port: 81, protocol: HTTP}
            """;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "{name: gw} | 1 | 1",
                "{name: gw, sectionName: one} | 1 | 0",
                "{name: gw, sectionName: two} | 0 | 1",
                "{name: gw, port: 81} | 0 | 1",
                "{name: gw, sectionName: one, port: 80} | 1 | 0",
            })
    void aReferenceAttachesToTheListenersThatItNames(String ref, int one, int two) {
        Compilation compiled = compile(TWO_LISTENERS, route("r", "default", ref));
        assertThat(status(compiled, "Gateway", "gw").listeners())
                .extracting(ListenerStatus::attachedRoutes)
                .containsExactly(one, two);
        assertThat(parentWords(compiled, "HTTPRoute", "r")).contains("Accepted=TRUE/Accepted");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{name: gw, sectionName: none}",
                "{name: gw, port: 82}",
                "{name: gw, sectionName: one, port: 81}",
            })
    void aReferenceThatNamesNoListenerIsRefused(String ref) {
        Compilation compiled = compile(TWO_LISTENERS, route("r", "default", ref));
        assertThat(parentWords(compiled, "HTTPRoute", "r"))
                .contains("Accepted=FALSE/NoMatchingParent");
        assertThat(problems(compiled))
                .anyMatch(text -> text.contains("expected: one of one on port 80, two on port 81"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{from: Same} | default | true",
                "{from: Same} | prod | false",
                "{from: All} | prod | true",
                "{from: Selector, selector: {matchLabels: {team: a}}} | prod | true",
                "{from: Selector, selector: {matchLabels: {team: b}}} | prod | false",
                "{from: Selector, selector: {matchLabels: {team: a}}} | unknown | false",
                "{from: Selector, selector: {matchLabels: {kubernetes.io/metadata.name: prod}}} |"
                        + " prod | true",
            })
    void namespacesAreAllowedByTheListener(String namespaces, String namespace, boolean allowed) {
        Compilation compiled =
                compile(
                        """
                        apiVersion: v1
                        kind: Namespace
                        metadata: {name: prod, labels: {team: a}}
                        """,
                        """
                        apiVersion: gateway.networking.k8s.io/v1
                        kind: Gateway
                        metadata: {name: gw}
                        spec:
                          gatewayClassName: weir
                          listeners:
                          - {name: http, port: 80, protocol: HTTP, allowedRoutes: {namespaces: %s}}
                        """
                                .formatted(namespaces),
                        route("r", namespace, "{name: gw, namespace: default}"));
        assertThat(parentWords(compiled, "HTTPRoute", "r"))
                .contains(
                        allowed
                                ? "Accepted=TRUE/Accepted"
                                : "Accepted=FALSE/NotAllowedByListeners");
        assertThat(status(compiled, "Gateway", "gw").listeners().getFirst().attachedRoutes())
                .isEqualTo(allowed ? 1 : 0);
    }

    @ParameterizedTest
    @CsvSource({
        "very.specific.com,very.specific.com,true",
        "very.specific.com,'*.specific.com',true",
        "very.specific.com,other.specific.com,false",
        "'*.wildcard.io',foo.wildcard.io,true",
        "'*.wildcard.io',foo.bar.wildcard.io,true",
        "'*.wildcard.io',wildcard.io,false",
        "'*.wildcard.io','*.wildcard.io',true",
        "'*.wildcard.io','*.io',true",
        "'*.wildcard.io','*.foo.wildcard.io',true",
        "'*.wildcard.io','*.awildcard.io',false",
    })
    void hostNamesMustIntersect(String listener, String route, boolean attached) {
        Compilation compiled = compile(gateway(listener), withHosts(route));
        assertThat(parentWords(compiled, "HTTPRoute", "r"))
                .contains(
                        attached
                                ? "Accepted=TRUE/Accepted"
                                : "Accepted=FALSE/NoMatchingListenerHostname");
        assertThat(status(compiled, "Gateway", "gw").listeners().getFirst().attachedRoutes())
                .isEqualTo(attached ? 1 : 0);
    }

    @Test
    void onlyHostNamesThatIntersectAreServed() {
        Compilation compiled =
                compile(gateway("*.example.com"), withHosts("a.example.com", "b.other.com"));
        assertThat(routeFor(compiled, "a.example.com")).isEqualTo("r");
        assertThat(routeFor(compiled, "c.example.com")).isNull();
        assertThat(routeFor(compiled, "b.other.com")).isNull();
    }

    @Test
    void requestsSeeOnlyTheRoutesOfTheMostSpecificListener() {
        Compilation compiled =
                compile(
                        """
                        apiVersion: gateway.networking.k8s.io/v1
                        kind: Gateway
                        metadata: {name: gw}
                        spec:
                          gatewayClassName: weir
                          listeners:
                          - {name: any, port: 80, protocol: HTTP}
                          - {name: wild, port: 80, protocol: HTTP, hostname: "*.example.com"}
                        """,
                        route("r-any", "default", "{name: gw, sectionName: any}"),
                        route("r-wild", "default", "{name: gw, sectionName: wild}"));
        assertThat(routeFor(compiled, "a.example.com")).isEqualTo("r-wild");
        assertThat(routeFor(compiled, "example.org")).isEqualTo("r-any");
    }

    @Test
    void aRouteMayHaveSeveralGatewaysEachWithAStatusOfItsOwn() {
        Compilation compiled =
                compile(
                        gateway("a.example.com"),
                        gateway("b.example.com").replace("name: gw", "name: gw2"),
                        """
                        apiVersion: gateway.networking.k8s.io/v1
                        kind: HTTPRoute
                        metadata: {name: r}
                        spec:
                          hostnames: [a.example.com]
                          parentRefs: [{name: gw}, {name: gw2}]
                          rules: [{}]
                        """);
        Status status = status(compiled, "HTTPRoute", "r");
        assertThat(words(status.parents().get(0).conditions())).contains("Accepted=TRUE/Accepted");
        assertThat(words(status.parents().get(1).conditions()))
                .contains("Accepted=FALSE/NoMatchingListenerHostname");
        assertThat(status.parents().get(1).parent().name()).isEqualTo("gw2");
        assertThat(status.parents().get(1).controllerName())
                .isEqualTo(CompileOptions.CONTROLLER_NAME);
    }

    @Test
    void aRouteOfAnUnknownGatewayHasNoStatusButAProblem() {
        Compilation compiled = compile(route("r", "default", "{name: none}"));
        assertThat(compiled.statuses()).isEmpty();
        assertThat(problems(compiled))
                .singleElement()
                .asString()
                .contains("spec.parentRefs[0]: Gateway default/none (expected: an existing one)");
    }

    @Test
    void attachedRoutesCountAlsoRoutesWithBrokenReferences() {
        Compilation compiled =
                compile(
                        gateway("a.example.com"),
                        withHosts("a.example.com"),
                        """
                        apiVersion: gateway.networking.k8s.io/v1
                        kind: HTTPRoute
                        metadata: {name: broken}
                        spec:
                          parentRefs: [{name: gw}]
                          rules: [{backendRefs: [{name: none, port: 80}]}]
                        """);
        assertThat(status(compiled, "Gateway", "gw").listeners().getFirst().attachedRoutes())
                .isEqualTo(2);
    }

    @Test
    void aRouteWhoseListenersCanNotServeIsTold() {
        Compilation compiled =
                compile(
                        """
                        apiVersion: gateway.networking.k8s.io/v1
                        kind: Gateway
                        metadata: {name: gw}
                        spec:
                          gatewayClassName: weir
                          listeners:
                          - {name: tls, port: 443, protocol: HTTPS, tls: {certificateRefs: [{name: c}]}}
                        """,
                        route("r", "default", "{name: gw}"));
        assertThat(problems(compiled))
                .anyMatch(text -> text.contains("attaches only to listeners that can't serve"));
        assertThat(compiled.snapshot().servers()).isEmpty();
        assertThat(status(compiled, "Gateway", "gw").listeners().getFirst().attachedRoutes())
                .isEqualTo(1);
    }

    private static @Nullable String routeFor(Compilation compiled, String host) {
        Server server = compiled.snapshot().servers().getFirst();
        Listener listener = server.listenerFor(host);
        RouteMatch match =
                listener == null ? null : listener.routes().match(TestHead.get("/").withHost(host));
        return match == null ? null : match.rule().route().name();
    }

    private static String gateway(String hostname) {
        return """
        apiVersion: gateway.networking.k8s.io/v1
        kind: Gateway
        metadata: {name: gw}
        spec:
          gatewayClassName: weir
          listeners: [{name: http, port: 80, protocol: HTTP, hostname: "%s"}]
        """
                .formatted(hostname);
    }

    private static String withHosts(String... hosts) {
        return """
        apiVersion: gateway.networking.k8s.io/v1
        kind: HTTPRoute
        metadata: {name: r}
        spec:
          hostnames: ["%s"]
          parentRefs: [{name: gw}]
          rules: [{}]
        """
                .formatted(String.join("\", \"", hosts));
    }

    private static String route(String name, String namespace, String parentRef) {
        return """
        apiVersion: gateway.networking.k8s.io/v1
        kind: HTTPRoute
        metadata: {name: %s, namespace: %s}
        spec: {parentRefs: [%s], rules: [{}]}
        """
                .formatted(name, namespace, parentRef);
    }
}
