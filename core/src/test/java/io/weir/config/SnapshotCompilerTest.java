package io.weir.config;

import static io.weir.config.Fixture.GATEWAY;
import static io.weir.config.Fixture.authorities;
import static io.weir.config.Fixture.backend;
import static io.weir.config.Fixture.compile;
import static io.weir.config.Fixture.listener;
import static io.weir.config.Fixture.parentWords;
import static io.weir.config.Fixture.pod;
import static io.weir.config.Fixture.pool;
import static io.weir.config.Fixture.problems;
import static io.weir.config.Fixture.route;
import static io.weir.config.Fixture.rule;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.routing.Backend;
import io.weir.routing.RouteBackend;
import io.weir.routing.TestHead;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.Objects;

class SnapshotCompilerTest {

    @Test
    void aRouteToAPoolServesOnTheGatewaysPort() {
        Compilation compiled =
                compile(GATEWAY, route("r", "llama"), pool("llama"), pod("a", "llama", "10.0.0.1"));

        Server server = compiled.snapshot().servers().getFirst();
        assertThat(server.address()).isEqualTo("127.0.0.1");
        assertThat(server.port()).isEqualTo(80);
        assertThat(authorities(backend(compiled))).containsExactly("10.0.0.1:8000");
        assertThat(rule(compiled).requestTimeout())
                .isEqualTo(Duration.ofMillis(Fixture.TIMEOUT_MILLIS));
        assertThat(listener(compiled).bodyLimitBytes()).isEqualTo(Fixture.BODY_LIMIT);
        assertThat(problems(compiled)).isEmpty();
        assertThat(parentWords(compiled, "HTTPRoute", "r"))
                .containsExactly("Accepted=TRUE/Accepted", "ResolvedRefs=TRUE/ResolvedRefs");
        assertThat(parentWords(compiled, "InferencePool", "llama"))
                .startsWith("Accepted=TRUE/Accepted", "ResolvedRefs=TRUE/ResolvedRefs");
    }

    @Test
    void theTourOfTwoPoolsRoutesByBaseModel() {
        Compilation compiled =
                compile(
                        GATEWAY,
                        pool("llama"),
                        pool("deepseek"),
                        byBaseModel("llama", "meta-llama/Llama-3.1-8B-Instruct"),
                        byBaseModel("deepseek", "deepseek/r1"),
                        simulated("llama", 3),
                        simulated("deepseek", 1),
                        baseModel("llama-map", "meta-llama/Llama-3.1-8B-Instruct", "food-review-1"),
                        baseModel("deepseek-map", "deepseek/r1", "ski-resorts", "movie-critique"));

        Listener listener = listener(compiled);
        assertThat(listener.routes().dependsOnBody(TestHead.get("/v1/x"))).isTrue();
        assertThat(listener.baseModels().lookup("ski-resorts")).isEqualTo("deepseek/r1");
        assertThat(listener.baseModels().lookup("deepseek/r1")).isEqualTo("deepseek/r1");
        assertThat(listener.baseModels().lookup("unknown")).isNull();
        TestHead ski = TestHead.get("/").with("X-Gateway-Base-Model-Name", "deepseek/r1");
        var rule = Objects.requireNonNull(rule(compiled, ski));
        assertThat(rule.id()).isEqualTo("default/deepseek/0");
        assertThat(rule.backends().items().getFirst().backend().endpoints()).hasSize(1);
        assertThat(rule(compiled, TestHead.get("/"))).isNull();
        assertThat(problems(compiled)).isEmpty();
    }

    @Test
    void weightsAreKeptAndUnresolvedBackendsKeepTheirShare() {
        Compilation compiled = compile(GATEWAY, pool("a"), weighted(70, 30));

        int unresolved = 0;
        for (int i = 0; i < 1000; i++) {
            RouteBackend chosen = Objects.requireNonNull(rule(compiled).backends().choose());
            unresolved += chosen.backend() instanceof Backend.Unresolved ? 1 : 0;
        }
        assertThat(unresolved).isBetween(290, 310);
        assertThat(parentWords(compiled, "HTTPRoute", "weighted"))
                .containsExactly("Accepted=TRUE/Accepted", "ResolvedRefs=FALSE/BackendNotFound");
    }

    @Test
    void aSplitGoesOnWhereItWasWhenSomethingElseChanges() {
        Compilation first = compile(GATEWAY, pool("a"), weighted(50, 50));
        RouteBackend one = rule(first).backends().choose();

        Compilation second =
                SnapshotCompiler.compile(
                        Fixture.objects(
                                GATEWAY, pool("a"), weighted(50, 50), pod("x", "a", "10.0.0.9")),
                        Fixture.options(),
                        first);

        RouteBackend two = Objects.requireNonNull(rule(second).backends().choose());
        assertThat(two.backend().getClass())
                .isNotEqualTo(Objects.requireNonNull(one).backend().getClass());
        assertThat(second.snapshot().generation()).isEqualTo(first.snapshot().generation() + 1);
    }

    private static String weighted(int existing, int missing) {
        return """
        apiVersion: gateway.networking.k8s.io/v1
        kind: HTTPRoute
        metadata: {name: weighted}
        spec:
          parentRefs: [{name: gw}]
          rules:
          - backendRefs:
            - {group: inference.networking.k8s.io, kind: InferencePool, name: a, weight: %d}
            - {group: inference.networking.k8s.io, kind: InferencePool, name: none, weight: %d}
        """
                .formatted(existing, missing);
    }

    private static String byBaseModel(String pool, String model) {
        return """
        apiVersion: gateway.networking.k8s.io/v1
        kind: HTTPRoute
        metadata: {name: %s}
        spec:
          parentRefs: [{name: gw}]
          rules:
          - matches:
            - path: {type: PathPrefix, value: /}
              headers: [{name: X-Gateway-Base-Model-Name, value: %s}]
            backendRefs: [{group: inference.networking.k8s.io, kind: InferencePool, name: %s}]
        """
                .formatted(pool, model, pool);
    }

    private static String simulated(String app, int replicas) {
        return """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: %s}
        spec:
          replicas: %d
          selector: {matchLabels: {app: %s}}
          template:
            metadata: {labels: {app: %s}}
            spec: {containers: [{name: c, image: simulator, ports: [{containerPort: 8000}]}]}
        """
                .formatted(app, replicas, app, app);
    }

    private static String baseModel(String name, String model, String... adapters) {
        return """
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: %s
          labels: {inference.networking.k8s.io/bbr-managed: "true"}
        data:
          baseModel: %s
          adapters: |
            - %s
        """
                .formatted(name, model, String.join("\n    - ", adapters));
    }
}
