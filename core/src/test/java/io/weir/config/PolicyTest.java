package io.weir.config;

import static io.weir.config.Fixture.GATEWAY;
import static io.weir.config.Fixture.compile;
import static io.weir.config.Fixture.listener;
import static io.weir.config.Fixture.parentWords;
import static io.weir.config.Fixture.problems;
import static io.weir.config.Fixture.rule;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.routing.HeaderRule;
import io.weir.routing.RetryPolicy;
import io.weir.routing.TestHead;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;
import java.util.Set;

class PolicyTest {

    private static final long MEBIBYTE = 1 << 20;

    @Test
    void theMostSpecificClientPolicySetsTheBodyLimitThenTheOldest() {
        String gateway = clientPolicy("gateway", "gw", "", "20Mi");
        String younger = clientPolicy("younger", "gw", "", "1Mi");
        String listener = clientPolicy("listener", "gw", ", sectionName: http", "30Mi");

        assertThat(listener(compile(GATEWAY, gateway)).bodyLimitBytes()).isEqualTo(20 * MEBIBYTE);
        Compilation two = compile(GATEWAY, gateway, younger);
        assertThat(listener(two).bodyLimitBytes()).isEqualTo(20 * MEBIBYTE);
        assertThat(parentWords(two, "ClientTrafficPolicy", "gateway"))
                .containsExactly("Accepted=TRUE/Accepted");
        assertThat(parentWords(two, "ClientTrafficPolicy", "younger"))
                .containsExactly("Accepted=FALSE/Conflicted");
        assertThat(listener(compile(GATEWAY, gateway, listener)).bodyLimitBytes())
                .isEqualTo(30 * MEBIBYTE);
    }

    @ParameterizedTest
    @CsvSource({"none,''", "gw,', sectionName: none'"})
    void aPolicyForNothingIsTold(String gateway, String section) {
        Compilation compiled = compile(GATEWAY, clientPolicy("p", gateway, section, "1Mi"));
        assertThat(listener(compiled).bodyLimitBytes()).isEqualTo(Fixture.BODY_LIMIT);
        assertThat(parentWords(compiled, "ClientTrafficPolicy", "p"))
                .containsExactly("Accepted=FALSE/TargetNotFound");
        assertThat(problems(compiled)).singleElement().asString().contains("spec.targetRefs");
    }

    @Test
    void timeoutsComeFromTheRuleThenRulePolicyRoutePolicyListenerPolicyGatewayPolicy() {
        String gateway = timeout("g", "Gateway", "gw", "", "1s");
        String listener = timeout("l", "Gateway", "gw", ", sectionName: http", "2s");
        String route = timeout("r", "HTTPRoute", "r", "", "24h");
        String section = timeout("s", "HTTPRoute", "r", ", sectionName: main", "4s");

        assertThat(requestTimeout("{}")).hasMillis(Fixture.TIMEOUT_MILLIS);
        assertThat(requestTimeout("{}", gateway)).hasSeconds(1);
        assertThat(requestTimeout("{}", gateway, listener)).hasSeconds(2);
        assertThat(requestTimeout("{}", gateway, listener, route)).hasHours(24);
        assertThat(requestTimeout("{}", gateway, listener, route, section)).hasSeconds(4);
        assertThat(requestTimeout("{request: 5s}", gateway, listener, route, section))
                .hasSeconds(5);
        assertThat(requestTimeout("{request: 0s}", gateway)).isZero();
        assertThat(requestTimeout("{backendRequest: 3s}", gateway)).hasSeconds(1);
    }

    @Test
    void aRouteAtTwoGatewaysHasTheTimeoutOfEachAndOneSplit() {
        Compilation compiled =
                compile(
                        GATEWAY,
                        GATEWAY.replace("name: gw", "name: gw2").replace("port: 80", "port: 81"),
                        timeout("p", "Gateway", "gw2", "", "1s"),
                        """
                        apiVersion: gateway.networking.k8s.io/v1
                        kind: HTTPRoute
                        metadata: {name: r}
                        spec: {parentRefs: [{name: gw}, {name: gw2}], rules: [{}]}
                        """);
        var rules =
                compiled.snapshot().servers().stream()
                        .map(server -> server.listeners().getFirst().routes())
                        .map(routes -> routes.match(TestHead.get("/")))
                        .map(match -> match == null ? null : match.rule())
                        .toList();
        assertThat(rules.get(0)).isNotNull();
        assertThat(rules.get(0).requestTimeout()).hasMillis(Fixture.TIMEOUT_MILLIS);
        assertThat(rules.get(1).requestTimeout()).hasSeconds(1);
        assertThat(rules.get(0).backends()).isSameAs(rules.get(1).backends());
    }

    @Test
    void retriesHaveDefaultsOfTheirOwn() {
        assertThat(retry("").codes()).containsExactly(503);
        assertThat(retry("retry: {attempts: 3, codes: [500, 502], backoff: 100ms}"))
                .isEqualTo(new RetryPolicy(Set.of(500, 502), 3, Duration.ofMillis(100)));
        RetryPolicy empty = retry("retry: {}");
        assertThat(empty.codes()).isEmpty();
        assertThat(empty.attempts()).isPositive();
    }

    @Test
    void aHeaderPolicyIsEvaluatedForItsGateway() {
        Compilation compiled =
                compile(
                        GATEWAY,
                        headers("p", "gw", "", "X-Gateway-Base-Model-Name", "'base'"),
                        headers("q", "gw", "", "X-Computed", "request.host"),
                        headers("elsewhere", "gw2", "", "X-Other", "'no'"),
                        """
                        apiVersion: gateway.networking.k8s.io/v1
                        kind: HTTPRoute
                        metadata: {name: r}
                        spec:
                          parentRefs: [{name: gw}]
                          rules:
                          - matches: [{headers: [{name: x-computed, value: example.com}]}]
                        """);
        Listener listener = listener(compiled);
        assertThat(listener.headerRules())
                .extracting(HeaderRule::header)
                .containsExactly("X-Gateway-Base-Model-Name", "X-Computed");
        TestHead head = TestHead.get("/").withHost("example.com");
        assertThat(listener.headerRules().getFirst().evaluate(head, null)).isEqualTo("base");
        assertThat(listener.headerRules().getLast().evaluate(head, null)).isEqualTo("example.com");
        assertThat(listener.routes().dependsOnBody(head)).isTrue();
        assertThat(parentWords(compiled, "AgentgatewayPolicy", "p"))
                .containsExactly("Accepted=TRUE/Valid");
        assertThat(parentWords(compiled, "AgentgatewayPolicy", "elsewhere"))
                .containsExactly("Accepted=FALSE/TargetNotFound");
    }

    @Test
    void ofSeveralPoliciesForOneHeaderTheListenersWinsThenTheOldest() {
        String older = headers("older", "gw", "", "x-a", "'older'");
        String younger = headers("younger", "gw", "", "X-A", "'younger'");
        String own = headers("own", "gw", ", sectionName: http", "X-a", "'own'");
        assertThat(onlyHeader(compile(GATEWAY, older, younger))).isEqualTo("older");
        assertThat(onlyHeader(compile(GATEWAY, older, younger, own))).isEqualTo("own");
    }

    @Test
    void aBrokenExpressionIsToldAndItsHeaderRemoved() {
        Compilation compiled =
                compile(GATEWAY, headers("p", "gw", "", "X-A", "json(request.body).prompt"));
        HeaderRule rule = listener(compiled).headerRules().getFirst();
        assertThat(rule.header()).isEqualTo("X-A");
        assertThat(rule.evaluate(TestHead.get("/"), "model")).isNull();
        assertThat(parentWords(compiled, "AgentgatewayPolicy", "p"))
                .containsExactly("Accepted=FALSE/Invalid");
        assertThat(problems(compiled))
                .singleElement()
                .asString()
                .contains("spec.traffic.transformation.request.set[0].value: json");
    }

    private static String onlyHeader(Compilation compiled) {
        assertThat(listener(compiled).headerRules()).hasSize(1);
        String value =
                listener(compiled).headerRules().getFirst().evaluate(TestHead.get("/"), null);
        return value == null ? "" : value;
    }

    private static Duration requestTimeout(String timeouts, String... policies) {
        String[] documents = new String[policies.length + 2];
        documents[0] = GATEWAY;
        documents[1] =
                """
                apiVersion: gateway.networking.k8s.io/v1
                kind: HTTPRoute
                metadata: {name: r}
                spec: {parentRefs: [{name: gw}], rules: [{name: main, timeouts: %s}]}
                """
                        .formatted(timeouts);
        System.arraycopy(policies, 0, documents, 2, policies.length);
        return rule(compile(documents)).requestTimeout();
    }

    private static RetryPolicy retry(String retry) {
        return rule(compile(
                        GATEWAY,
                        """
                        apiVersion: gateway.networking.k8s.io/v1
                        kind: HTTPRoute
                        metadata: {name: r}
                        spec: {parentRefs: [{name: gw}], rules: [{%s}]}
                        """
                                .formatted(retry)))
                .retry();
    }

    private static String clientPolicy(String name, String gateway, String section, String limit) {
        return """
        apiVersion: gateway.envoyproxy.io/v1alpha1
        kind: ClientTrafficPolicy
        metadata: {name: %s}
        spec:
          targetRefs: [{group: gateway.networking.k8s.io, kind: Gateway, name: %s%s}]
          connection: {bufferLimit: %s}
        """
                .formatted(name, gateway, section, limit);
    }

    private static String timeout(
            String name, String kind, String target, String section, String time) {
        return """
        apiVersion: gateway.envoyproxy.io/v1alpha1
        kind: BackendTrafficPolicy
        metadata: {name: %s}
        spec:
          targetRefs: [{group: gateway.networking.k8s.io, kind: %s, name: %s%s}]
          timeout: {http: {requestTimeout: %s}}
        """
                .formatted(name, kind, target, section, time);
    }

    private static String headers(
            String name, String gateway, String section, String header, String expression) {
        return """
        apiVersion: gateway.kgateway.dev/v1alpha1
        kind: AgentgatewayPolicy
        metadata: {name: %s}
        spec:
          targetRefs: [{group: gateway.networking.k8s.io, kind: Gateway, name: %s%s}]
          traffic:
            phase: PreRouting
            transformation:
              request:
                set: [{name: %s, value: "%s"}]
        """
                .formatted(name, gateway, section, header, expression);
    }
}
