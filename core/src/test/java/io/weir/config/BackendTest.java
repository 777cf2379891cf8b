package io.weir.config;

import static io.weir.config.Fixture.GATEWAY;
import static io.weir.config.Fixture.authorities;
import static io.weir.config.Fixture.backend;
import static io.weir.config.Fixture.compile;
import static io.weir.config.Fixture.experimentalPool;
import static io.weir.config.Fixture.parentWords;
import static io.weir.config.Fixture.pod;
import static io.weir.config.Fixture.pool;
import static io.weir.config.Fixture.problems;
import static io.weir.config.Fixture.rule;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.routing.Backend;
import io.weir.routing.RouteBackend;
import io.weir.routing.TestHead;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

class BackendTest {

    private static final String V1 = "inference.networking.k8s.io";
    private static final String ALPHA = "inference.networking.x-k8s.io";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{group: example.com, kind: Thing, name: x} | InvalidKind",
                "{kind: Thing, name: x} | InvalidKind",
                "{group: inference.networking.x-k8s.io, kind: InferencePoolImport, name: x} |"
                        + " InvalidKind",
                "{name: none, port: 80} | BackendNotFound",
                "{name: svc, port: 81} | BackendNotFound",
                "{name: external, port: 80} | BackendNotFound",
                "{name: svc, namespace: elsewhere, port: 80} | RefNotPermitted",
                "{name: h2, port: 80} | UnsupportedProtocol",
                "{group: inference.networking.k8s.io, kind: InferencePool, name: none} |"
                        + " BackendNotFound",
                "{group: inference.networking.k8s.io, kind: InferencePool, name: a, namespace:"
                        + " elsewhere} | RefNotPermitted",
            })
    void aBackendThatCanNotBeResolvedTakesItsShareAndTheRouteStaysAccepted(
            String ref, String reason) {
        Compilation compiled =
                compile(
                        GATEWAY,
                        service("svc", ""),
                        service("h2", "appProtocol: kubernetes.io/h2c"),
                        inNamespace(service("svc", ""), "elsewhere"),
                        inNamespace(pool("a"), "elsewhere"),
                        """
                        apiVersion: v1
                        kind: Service
                        metadata: {name: external}
                        spec: {type: ExternalName, externalName: example.com, ports: [{port: 80}]}
                        """,
                        route(ref));
        assertThat(parentWords(compiled, "HTTPRoute", "r"))
                .containsExactly("Accepted=TRUE/Accepted", "ResolvedRefs=FALSE/" + reason);
        assertThat(backend(compiled)).isInstanceOf(Backend.Unresolved.class);
        assertThat(rule(compiled).backends().choose()).isNotNull();
        assertThat(problems(compiled))
                .anyMatch(
                        text -> text.contains("HTTPRoute default/r spec.rules[0].backendRefs[0]"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "HTTPRoute | default | Service | | true",
                "HTTPRoute | default | Service | svc | true",
                "HTTPRoute | default | Service | other | false",
                "HTTPRoute | other | Service | | false",
                "GRPCRoute | default | Service | | false",
                "HTTPRoute | default | Secret | | false",
            })
    void aGrantPermitsExactlyWhatItNames(
            String fromKind,
            String fromNamespace,
            String toKind,
            String toName,
            boolean permitted) {
        Compilation compiled =
                compile(
                        GATEWAY,
                        inNamespace(service("svc", ""), "elsewhere"),
                        """
                        apiVersion: gateway.networking.k8s.io/v1beta1
                        kind: ReferenceGrant
                        metadata: {name: g, namespace: elsewhere}
                        spec:
                          from: [{group: gateway.networking.k8s.io, kind: %s, namespace: %s}]
                          to: [{group: "", kind: %s%s}]
                        """
                                .formatted(
                                        fromKind,
                                        fromNamespace,
                                        toKind,
                                        toName == null ? "" : ", name: " + toName),
                        route("{name: svc, namespace: elsewhere, port: 80}"));
        assertThat(backend(compiled) instanceof Backend.ToService).isEqualTo(permitted);
    }

    @Test
    void aBrokenRuleLeavesTheOthersAlone() {
        Compilation compiled =
                compile(
                        GATEWAY,
                        pool("a"),
                        """
                        apiVersion: gateway.networking.k8s.io/v1
                        kind: HTTPRoute
                        metadata: {name: r}
                        spec:
                          parentRefs: [{name: gw}]
                          rules:
                          - matches: [{path: {value: /bad}}]
                            backendRefs: [{name: none, port: 80}]
                          - matches: [{path: {value: /good}}]
                            backendRefs: [{group: inference.networking.k8s.io, kind: InferencePool, name: a}]
                        """);
        assertThat(choose(compiled, "/bad")).isInstanceOf(Backend.Unresolved.class);
        assertThat(choose(compiled, "/good")).isInstanceOf(Backend.ToPool.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "[{name: svc, port: 80, weight: 0}]"})
    void noBackendOrOnlyWeightsOfZeroChooseNothing(String refs) {
        Compilation compiled = compile(GATEWAY, service("svc", ""), routeTo(refs));
        assertThat(rule(compiled).backends().choose()).isNull();
        assertThat(parentWords(compiled, "HTTPRoute", "r"))
                .containsExactly("Accepted=TRUE/Accepted", "ResolvedRefs=TRUE/ResolvedRefs");
    }

    @Test
    void poolsAndServicesMixByWeight() {
        Compilation compiled =
                compile(
                        GATEWAY,
                        pool("a"),
                        experimentalPool("b"),
                        service("svc", ""),
                        routeTo(
                                "[{group: inference.networking.k8s.io, kind: InferencePool, name: a, weight: 70},"
                                        + " {group: inference.networking.x-k8s.io, kind: InferencePool, name: b, weight: 20},"
                                        + " {name: svc, port: 80, weight: 10},"
                                        + " {name: svc, port: 80, weight: 0}]"));
        Map<String, Integer> counts = new HashMap<>();
        for (int i = 0; i < 1000; i++) {
            RouteBackend chosen = Objects.requireNonNull(rule(compiled).backends().choose());
            String name =
                    switch (chosen.backend()) {
                        case Backend.ToPool to -> to.pool().key().group();
                        case Backend.ToService(var service, _, _) -> service.name();
                        case Backend.Unresolved(var reason) -> reason;
                    };
            counts.merge(name, 1, Integer::sum);
        }
        assertThat(counts).isEqualTo(Map.of(V1, 700, ALPHA, 200, "svc", 100));
    }

    @Test
    void aReferenceFindsThePoolOfItsOwnGroup() {
        Compilation compiled =
                compile(GATEWAY, pool("a"), experimentalPool("a"), route(poolRef(ALPHA, "a")));
        assertThat(backend(compiled))
                .isInstanceOfSatisfying(
                        Backend.ToPool.class,
                        to -> assertThat(to.pool().key().group()).isEqualTo(ALPHA));
        assertThat(problems(compiled)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({V1 + "," + ALPHA, ALPHA + "," + V1})
    void aReferenceOfTheWrongGroupFindsTheOnlyPoolOfThatNameWithAWarning(
            String written, String existing) {
        String pool = existing.equals(V1) ? pool("a") : experimentalPool("a");
        Compilation compiled = compile(GATEWAY, pool, route(poolRef(written, "a")));
        assertThat(backend(compiled))
                .isInstanceOfSatisfying(
                        Backend.ToPool.class,
                        to -> assertThat(to.pool().key().group()).isEqualTo(existing));
        assertThat(problems(compiled))
                .singleElement()
                .asString()
                .contains("warning: HTTPRoute default/r spec.rules[0].backendRefs[0].group: ")
                .contains("expected: " + existing);
        assertThat(parentWords(compiled, "HTTPRoute", "r"))
                .contains("ResolvedRefs=TRUE/ResolvedRefs");
    }

    @Test
    void aPortOnAPoolReferenceIsIgnored() {
        Compilation compiled =
                compile(
                        GATEWAY,
                        pool("a"),
                        pod("p", "a", "10.0.0.1"),
                        route(
                                "{group: inference.networking.k8s.io, kind: InferencePool, name: a,"
                                        + " port: 8888}"));
        assertThat(authorities(backend(compiled))).containsExactly("10.0.0.1:8000");
    }

    @ParameterizedTest
    @CsvSource({"8000,10.0.0.1:8000", "http,10.0.0.1:8000", "9000,10.0.0.1:9000", "none,"})
    void aServiceWithASelectorFindsPodsByTargetPort(String targetPort, String expected) {
        Compilation compiled =
                compile(
                        GATEWAY,
                        """
                        apiVersion: v1
                        kind: Service
                        metadata: {name: svc}
                        spec: {selector: {app: a}, ports: [{port: 80, targetPort: %s}]}
                        """
                                .formatted(targetPort),
                        pod("p", "a", "10.0.0.1"),
                        pod("q", "other", "10.0.0.2"),
                        pod("r", "a", "10.0.0.3")
                                .replace(
                                        "status: {",
                                        "status: {conditions: [{type: Ready, status: 'False'}], "),
                        route("{name: svc, port: 80}"));
        List<String> all = authorities(backend(compiled));
        assertThat(all).isEqualTo(expected == null ? List.of() : List.of(expected));
    }

    @Test
    void aServiceWithEndpointSlicesUsesTheirReadyEndpointsOfItsPort() {
        Compilation compiled =
                compile(
                        GATEWAY,
                        """
                        apiVersion: v1
                        kind: Service
                        metadata: {name: svc}
                        spec: {ports: [{name: web, port: 80, targetPort: 3000}, {name: admin, port: 81}]}
                        """,
                        """
                        apiVersion: discovery.k8s.io/v1
                        kind: EndpointSlice
                        metadata: {name: svc-1, labels: {kubernetes.io/service-name: svc}}
                        addressType: IPv4
                        ports: [{name: web, port: 3000}, {name: admin, port: 9999}]
                        endpoints:
                        - {addresses: [10.0.0.1]}
                        - {addresses: [10.0.0.2], conditions: {ready: false}}
                        - {addresses: [10.0.0.3], conditions: {ready: true}}
                        """,
                        """
                        apiVersion: discovery.k8s.io/v1
                        kind: EndpointSlice
                        metadata: {name: svc-2, labels: {kubernetes.io/service-name: svc}}
                        addressType: IPv6
                        ports: [{name: web, port: 3000}]
                        endpoints: [{addresses: ["fd00::1"]}]
                        """,
                        route("{name: svc, port: 80}"));
        assertThat(authorities(backend(compiled)))
                .containsExactly("10.0.0.1:3000", "10.0.0.3:3000", "[fd00::1]:3000");
    }

    @Test
    void aServiceFindsSimulatedReplicas() {
        Compilation compiled =
                compile(
                        GATEWAY,
                        service("svc", ""),
                        """
                        apiVersion: apps/v1
                        kind: Deployment
                        metadata: {name: sim}
                        spec:
                          replicas: 2
                          selector: {matchLabels: {app: svc}}
                          template:
                            metadata: {labels: {app: svc}}
                            spec: {containers: [{name: c, image: simulator, ports: [{containerPort: 8000}]}]}
                        """,
                        route("{name: svc, port: 80}"));
        assertThat(backend(compiled).endpoints()).hasSize(2);
    }

    @Test
    void mirrorsAreKeptApartAndBrokenOnesDropped() {
        Compilation compiled =
                compile(
                        GATEWAY,
                        service("svc", ""),
                        """
                        apiVersion: gateway.networking.k8s.io/v1
                        kind: HTTPRoute
                        metadata: {name: r}
                        spec:
                          parentRefs: [{name: gw}]
                          rules:
                          - filters:
                            - {type: RequestMirror, requestMirror: {backendRef: {name: svc, port: 80}, percent: 20}}
                            - {type: RequestMirror, requestMirror: {backendRef: {name: none, port: 80}}}
                            - {type: RequestHeaderModifier, requestHeaderModifier: {remove: [x]}}
                            backendRefs: [{name: svc, port: 80}]
                        """);
        assertThat(rule(compiled).mirrors()).hasSize(1);
        assertThat(rule(compiled).mirrors().getFirst().numerator()).isEqualTo(20);
        assertThat(rule(compiled).filters()).hasSize(1);
        assertThat(parentWords(compiled, "HTTPRoute", "r"))
                .containsExactly("Accepted=TRUE/Accepted", "ResolvedRefs=FALSE/BackendNotFound");
        assertThat(backend(compiled)).isInstanceOf(Backend.ToService.class);
    }

    @Test
    void aRuleWithAnUnsupportedFilterFailsRatherThanSkippingIt() {
        Compilation compiled =
                compile(
                        GATEWAY,
                        service("svc", ""),
                        """
                        apiVersion: gateway.networking.k8s.io/v1
                        kind: HTTPRoute
                        metadata: {name: r}
                        spec:
                          parentRefs: [{name: gw}]
                          rules:
                          - matches: [{path: {value: /filtered}}]
                            filters: [{type: ExtensionRef, extensionRef: {group: x.io, kind: F, name: f}}]
                            backendRefs: [{name: svc, port: 80}]
                          - backendRefs: [{name: svc, port: 80}]
                        """);
        assertThat(choose(compiled, "/filtered")).isInstanceOf(Backend.Unresolved.class);
        assertThat(choose(compiled, "/")).isInstanceOf(Backend.ToService.class);
        assertThat(parentWords(compiled, "HTTPRoute", "r"))
                .containsExactly(
                        "Accepted=TRUE/Accepted",
                        "ResolvedRefs=TRUE/ResolvedRefs",
                        "PartiallyInvalid=TRUE/UnsupportedValue");
    }

    private static Backend choose(Compilation compiled, String path) {
        var rule = Objects.requireNonNull(rule(compiled, TestHead.get(path)));
        return Objects.requireNonNull(rule.backends().choose()).backend();
    }

    private static String poolRef(String group, String name) {
        return "{group: " + group + ", kind: InferencePool, name: " + name + "}";
    }

    private static String route(String ref) {
        return routeTo("[" + ref + "]");
    }

    private static String routeTo(String refs) {
        return """
        apiVersion: gateway.networking.k8s.io/v1
        kind: HTTPRoute
        metadata: {name: r}
        spec:
          parentRefs: [{name: gw}]
          rules: [{backendRefs: %s}]
        """
                .formatted(refs);
    }

    private static String service(String name, String portExtras) {
        return """
        apiVersion: v1
        kind: Service
        metadata: {name: %s}
        spec:
          selector: {app: %s}
          ports: [{port: 80, targetPort: 8000%s}]
        """
                .formatted(name, name, portExtras.isEmpty() ? "" : ", " + portExtras);
    }

    private static String inNamespace(String document, String namespace) {
        return document.replaceFirst("name: (\\S+)}", "name: $1, namespace: " + namespace + "}");
    }
}
