package io.weir.config;

import static io.weir.config.Fixture.compile;
import static io.weir.config.Fixture.problems;
import static io.weir.config.Fixture.status;
import static io.weir.config.Fixture.words;
import static io.weir.config.TestCertificates.secret;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.resource.Gateway.RouteKind;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;

class GatewayStatusTest {

    private static final String GOOD = "{name: good, port: 80, protocol: HTTP}";

    @Test
    void aGoodGatewayIsAcceptedAndProgrammed() {
        Compilation compiled = compile(gateway("gw", GOOD));
        assertThat(words(status(compiled, "Gateway", "gw").conditions()))
                .containsExactly("Accepted=TRUE/Accepted", "Programmed=TRUE/Programmed");
        assertThat(listenerWords(compiled, "gw", 0))
                .containsExactly(
                        "Accepted=TRUE/Accepted",
                        "Programmed=TRUE/Programmed",
                        "ResolvedRefs=TRUE/ResolvedRefs",
                        "Conflicted=FALSE/NoConflicts");
        assertThat(status(compiled, "Gateway", "gw").listeners().getFirst().supportedKinds())
                .containsExactly(new RouteKind("gateway.networking.k8s.io", "HTTPRoute"));
    }

    @Test
    void everyConditionIsOfTheGenerationThatWasCompiled() {
        Compilation compiled =
                compile(
                        """
                        apiVersion: gateway.networking.k8s.io/v1
                        kind: Gateway
                        metadata: {name: gw, generation: 7}
                        spec:
                          gatewayClassName: weir
                          listeners: [{name: http, port: 80, protocol: HTTP}]
                        """);
        assertThat(status(compiled, "Gateway", "gw").observedGeneration()).isEqualTo(7);
    }

    @Test
    void adoptedClassesAreAcceptedAndOthersLeftAlone() {
        Compilation compiled =
                compile(
                        gatewayClass("ours", "weir.dev/x"),
                        gatewayClass("theirs", "other/x"),
                        gateway("a", GOOD).replace("weir", "ours"),
                        gateway("b", GOOD).replace("weir", "theirs"));
        assertThat(words(status(compiled, "GatewayClass", "ours").conditions()))
                .containsExactly("Accepted=TRUE/Accepted");
        assertThat(compiled.statuses())
                .extracting(status -> status.object().name())
                .containsExactlyInAnyOrder("ours", "a");
        assertThat(compiled.snapshot().servers()).hasSize(1);
    }

    @Test
    void aGatewayNameMayBeAsLongAsNamesCanBe() {
        String name = "g".repeat(253);
        assertThat(status(compile(gateway(name, GOOD)), "Gateway", name).conditions()).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"INVALID", "TCP", "UDP", "example.com/own"})
    void anUnsupportedProtocolIsRefusedAndTakesNoRoutes(String protocol) {
        String bad = "{name: bad, port: 81, protocol: " + protocol + "}";

        Compilation alone = compile(gateway("gw", bad));
        assertThat(words(status(alone, "Gateway", "gw").conditions()))
                .containsExactly("Accepted=FALSE/ListenersNotValid", "Programmed=FALSE/Invalid");
        assertThat(listenerWords(alone, "gw", 0))
                .contains("Accepted=FALSE/UnsupportedProtocol", "Programmed=FALSE/Invalid");
        assertThat(status(alone, "Gateway", "gw").listeners().getFirst().supportedKinds())
                .isEmpty();

        Compilation both = compile(gateway("gw", GOOD, bad));
        assertThat(words(status(both, "Gateway", "gw").conditions()))
                .containsExactly("Accepted=TRUE/ListenersNotValid", "Programmed=TRUE/Programmed");
        assertThat(listenerWords(both, "gw", 0)).contains("Accepted=TRUE/Accepted");
    }

    @Test
    void httpsListenersSayThatTlsIsNotServedYet() {
        Compilation compiled =
                compile(
                        secret("cert"),
                        gateway(
                                "gw",
                                GOOD,
                                "{name: tls, port: 443, protocol: HTTPS,"
                                        + " tls: {certificateRefs: [{name: cert}]}}"));
        assertThat(listenerWords(compiled, "gw", 1))
                .contains("Accepted=FALSE/UnsupportedProtocol", "ResolvedRefs=TRUE/ResolvedRefs");
        assertThat(problems(compiled)).anyMatch(text -> text.contains("TLS is not served yet"));
        assertThat(compiled.snapshot().servers()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{name: none} | InvalidCertificateRef",
                "{name: cert, kind: ConfigMap} | InvalidCertificateRef",
                "{name: cert, group: example.com} | InvalidCertificateRef",
                "{name: cert, namespace: elsewhere} | RefNotPermitted",
            })
    void certificatesThatCanNotBeHadAreTold(String ref, String reason) {
        Compilation compiled =
                compile(
                        secret("cert"),
                        secret("cert").replace("name: cert", "name: cert, namespace: elsewhere"),
                        gateway(
                                "gw",
                                "{name: tls, port: 443, protocol: HTTPS,"
                                        + " tls: {certificateRefs: ["
                                        + ref
                                        + "]}}"));
        assertThat(listenerWords(compiled, "gw", 0)).contains("ResolvedRefs=FALSE/" + reason);
    }

    @ParameterizedTest
    @CsvSource({"all,''", "one,', name: cert'", "other,', name: none'"})
    void aGrantPermitsCertificatesOfOtherNamespaces(String name, String to) {
        Compilation compiled =
                compile(
                        secret("cert").replace("name: cert", "name: cert, namespace: elsewhere"),
                        """
                        apiVersion: gateway.networking.k8s.io/v1beta1
                        kind: ReferenceGrant
                        metadata: {name: %s, namespace: elsewhere}
                        spec:
                          from: [{group: gateway.networking.k8s.io, kind: Gateway, namespace: default}]
                          to: [{group: "", kind: Secret%s}]
                        """
                                .formatted(name, to),
                        gateway(
                                "gw",
                                "{name: tls, port: 443, protocol: HTTPS,"
                                        + " tls: {certificateRefs: [{name: cert, namespace:"
                                        + " elsewhere}]}}"));
        assertThat(listenerWords(compiled, "gw", 0))
                .contains(
                        name.equals("other")
                                ? "ResolvedRefs=FALSE/RefNotPermitted"
                                : "ResolvedRefs=TRUE/ResolvedRefs");
    }

    @Test
    void badRouteKindsAreToldAndTheGoodOnesRemain() {
        Compilation compiled =
                compile(
                        gateway(
                                "gw",
                                "{name: none, port: 80, protocol: HTTP,"
                                        + " allowedRoutes: {kinds: [{kind: InvalidRoute}]}}",
                                "{name: some, port: 81, protocol: HTTP, allowedRoutes:"
                                        + " {kinds: [{kind: InvalidRoute}, {kind: HTTPRoute}]}}"));
        assertThat(listenerWords(compiled, "gw", 0))
                .contains("ResolvedRefs=FALSE/InvalidRouteKinds");
        assertThat(listenerWords(compiled, "gw", 1))
                .contains("ResolvedRefs=FALSE/InvalidRouteKinds");
        List<ListenerStatus> listeners = status(compiled, "Gateway", "gw").listeners();
        assertThat(listeners.get(0).supportedKinds()).isEmpty();
        assertThat(listeners.get(1).supportedKinds()).hasSize(1);
    }

    @Test
    void ofTwoGatewaysOnOnePortTheOlderKeepsAHostName() {
        Compilation compiled =
                compile(
                        gateway("older", "{name: a, port: 80, protocol: HTTP}"),
                        gateway(
                                "younger",
                                "{name: b, port: 80, protocol: HTTP}",
                                "{name: c, port: 80, protocol: HTTP, hostname: c.example.com}",
                                "{name: d, port: 80, protocol: HTTPS, hostname: d.example.com}"));
        assertThat(listenerWords(compiled, "older", 0)).contains("Conflicted=FALSE/NoConflicts");
        assertThat(listenerWords(compiled, "younger", 0))
                .containsExactly(
                        "Accepted=FALSE/HostnameConflict",
                        "Programmed=FALSE/Invalid",
                        "ResolvedRefs=TRUE/ResolvedRefs",
                        "Conflicted=TRUE/HostnameConflict");
        assertThat(listenerWords(compiled, "younger", 1)).contains("Accepted=TRUE/Accepted");
        assertThat(listenerWords(compiled, "younger", 2))
                .contains("Conflicted=TRUE/ProtocolConflict");
        assertThat(compiled.snapshot().servers()).hasSize(1);
        assertThat(compiled.snapshot().servers().getFirst().listeners())
                .extracting(Listener::name)
                .containsExactly("c", "a");
    }

    @Test
    void gatewaysWithAddressesOfTheirOwnDoNotConflict() {
        CompileOptions one = Fixture.options();
        CompileOptions options =
                new CompileOptions(
                        one.adopts(),
                        one.implicitClass(),
                        gateway -> gateway.metadata().name() + ".local",
                        one.portOffset(),
                        one.defaultBodyLimitBytes(),
                        one.defaultRequestTimeoutMillis(),
                        one.replicas(),
                        one.extraEndpoints(),
                        one.origins());
        Compilation compiled = compile(options, gateway("a", GOOD), gateway("b", GOOD));
        assertThat(compiled.snapshot().servers())
                .extracting(Server::address)
                .containsExactly("a.local", "b.local");
    }

    @Test
    void theMostSpecificListenerTakesAHost() {
        Compilation compiled =
                compile(
                        gateway(
                                "gw",
                                "{name: any, port: 80, protocol: HTTP}",
                                "{name: wild, port: 80, protocol: HTTP, hostname: '*.example.com'}",
                                "{name: deep, port: 80, protocol: HTTP, hostname:"
                                        + " '*.foo.example.com'}",
                                "{name: exact, port: 80, protocol: HTTP, hostname:"
                                        + " a.foo.example.com}"));
        Server server = compiled.snapshot().servers().getFirst();
        assertThat(nameFor(server, "a.foo.example.com")).isEqualTo("exact");
        assertThat(nameFor(server, "b.foo.example.com")).isEqualTo("deep");
        assertThat(nameFor(server, "foo.example.com")).isEqualTo("wild");
        assertThat(nameFor(server, "example.com")).isEqualTo("any");
    }

    @Test
    void theOffsetIsAddedAndAPortBeyondTheLastIsTold() {
        CompileOptions one = Fixture.options();
        CompileOptions options =
                new CompileOptions(
                        one.adopts(),
                        one.implicitClass(),
                        one.addresses(),
                        8000,
                        one.defaultBodyLimitBytes(),
                        one.defaultRequestTimeoutMillis(),
                        one.replicas(),
                        one.extraEndpoints(),
                        one.origins());
        Compilation compiled =
                compile(options, gateway("gw", GOOD, "{name: far, port: 65000, protocol: HTTP}"));
        assertThat(compiled.snapshot().servers()).extracting(Server::port).containsExactly(8080);
        assertThat(listenerWords(compiled, "gw", 1)).contains("Accepted=FALSE/PortUnavailable");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{} | Accepted=TRUE/Accepted | Programmed=TRUE/Programmed",
                "{value: 127.0.0.1} | Accepted=TRUE/Accepted | Programmed=TRUE/Programmed",
                "{value: 10.1.2.3} | Accepted=TRUE/Accepted | Programmed=FALSE/AddressNotUsable",
                "{type: Hostname, value: a.example.com} | Accepted=TRUE/Accepted"
                        + "| Programmed=FALSE/AddressNotUsable",
                "{type: test/fake, value: x} | Accepted=FALSE/UnsupportedAddress"
                        + "| Programmed=FALSE/Invalid",
            })
    void requestedAddressesAreJudged(String address, String accepted, String programmed) {
        Compilation compiled = compile(gateway("gw", GOOD) + "  addresses: [" + address + "]\n");

        assertThat(words(status(compiled, "Gateway", "gw").conditions()))
                .containsExactly(accepted, programmed);
        assertThat(problems(compiled).isEmpty()).isEqualTo(programmed.contains("TRUE"));
        assertThat(compiled.snapshot().servers()).hasSize(accepted.contains("FALSE") ? 0 : 1);
    }

    @Test
    void oneBadAddressAmongGoodOnesIsEnough() {
        Compilation compiled =
                compile(
                        gateway("gw", GOOD)
                                + "  addresses: [{value: 127.0.0.1}, {value: 10.1.2.3}]\n");
        assertThat(words(status(compiled, "Gateway", "gw").conditions()))
                .contains("Programmed=FALSE/AddressNotUsable");
        assertThat(problems(compiled))
                .singleElement()
                .asString()
                .contains("10.1.2.3 has no effect (listeners are bound to 127.0.0.1)");
    }

    @Test
    void aGatewayWithoutAnAddressIsNotServed() {
        CompileOptions one = Fixture.options();
        CompileOptions options =
                new CompileOptions(
                        one.adopts(),
                        one.implicitClass(),
                        gateway -> gateway.metadata().name().equals("first") ? "10.0.8.1" : "",
                        one.portOffset(),
                        one.defaultBodyLimitBytes(),
                        one.defaultRequestTimeoutMillis(),
                        one.replicas(),
                        one.extraEndpoints(),
                        one.origins());

        Compilation compiled =
                compile(
                        options,
                        gateway("first", GOOD),
                        gateway("second", GOOD),
                        gateway("third", GOOD));

        assertThat(words(status(compiled, "Gateway", "third").conditions()))
                .containsExactly("Accepted=TRUE/Accepted", "Programmed=FALSE/AddressNotAssigned");
        assertThat(listenerWords(compiled, "third", 0))
                .containsExactly(
                        "Accepted=TRUE/Accepted",
                        "Programmed=FALSE/Invalid",
                        "ResolvedRefs=TRUE/ResolvedRefs",
                        "Conflicted=FALSE/NoConflicts");
        assertThat(status(compiled, "Gateway", "third").addresses()).isEmpty();
        assertThat(compiled.snapshot().servers())
                .extracting(Server::address)
                .containsExactly("10.0.8.1");
    }

    @Test
    void parametersOfItsInfrastructureAreRefused() {
        Compilation compiled =
                compile(
                        gateway("gw", GOOD)
                                + "  infrastructure:\n"
                                + "    parametersRef: {group: example.com, kind: Params, name: p}\n");

        assertThat(words(status(compiled, "Gateway", "gw").conditions()))
                .containsExactly("Accepted=FALSE/InvalidParameters", "Programmed=FALSE/Invalid");
        assertThat(listenerWords(compiled, "gw", 0))
                .contains("Accepted=TRUE/Accepted", "Programmed=FALSE/Invalid");
        assertThat(problems(compiled))
                .singleElement()
                .asString()
                .contains("infrastructure.parametersRef: Params p (expected: none");
        assertThat(compiled.snapshot().servers()).isEmpty();
    }

    private static String nameFor(Server server, String host) {
        Listener listener = server.listenerFor(host);
        return listener == null ? "" : listener.name();
    }

    private static List<String> listenerWords(Compilation compiled, String gateway, int index) {
        return words(status(compiled, "Gateway", gateway).listeners().get(index).conditions());
    }

    private static String gateway(String name, String... listeners) {
        return """
        apiVersion: gateway.networking.k8s.io/v1
        kind: Gateway
        metadata: {name: %s}
        spec:
          gatewayClassName: weir
          listeners:
          - %s
        """
                .formatted(name, String.join("\n  - ", listeners));
    }

    private static String gatewayClass(String name, String controller) {
        return """
        apiVersion: gateway.networking.k8s.io/v1
        kind: GatewayClass
        metadata: {name: %s}
        spec: {controllerName: %s}
        """
                .formatted(name, controller);
    }
}
