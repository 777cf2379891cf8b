package io.weir.config;

import static io.weir.config.Fixture.compile;
import static io.weir.config.Fixture.experimentalPool;
import static io.weir.config.Fixture.listener;
import static io.weir.config.Fixture.parentWords;
import static io.weir.config.Fixture.pool;
import static io.weir.config.Fixture.problems;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.routing.Backend;
import io.weir.routing.HeaderRule;
import io.weir.routing.RouteMatch;
import io.weir.routing.RoutingHeaders;
import io.weir.routing.TestHead;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.Objects;
import java.util.TreeMap;

/** What the guides of the Inference Extension set up, in manifests of our own. */
class GuideTest {

    private static final String GATEWAY =
            """
            apiVersion: gateway.networking.k8s.io/v1
            kind: GatewayClass
            metadata: {name: inference-gateway}
            spec: {controllerName: gateway.envoyproxy.io/gatewayclass-controller}
            ---
            apiVersion: gateway.networking.k8s.io/v1
            kind: Gateway
            metadata: {name: inference-gateway}
            spec:
              gatewayClassName: inference-gateway
              listeners:
              - {name: llm-gw, protocol: HTTP, port: 8080}
            """;

    private static final String ROUTES =
            """
            apiVersion: gateway.networking.k8s.io/v1
            kind: HTTPRoute
            metadata: {name: llama}
            spec:
              parentRefs: [{group: gateway.networking.k8s.io, kind: Gateway, name: inference-gateway}]
              rules:
              - backendRefs:
                - {group: inference.networking.k8s.io, kind: InferencePool, name: llama}
                matches:
                - path: {type: PathPrefix, value: /}
                  headers: [{type: Exact, name: X-Gateway-Base-Model-Name, value: meta-llama/Llama}]
                timeouts: {request: 300s}
            ---
            apiVersion: gateway.networking.k8s.io/v1
            kind: HTTPRoute
            metadata: {name: deepseek}
            spec:
              parentRefs: [{group: gateway.networking.k8s.io, kind: Gateway, name: inference-gateway}]
              rules:
              - backendRefs:
                - {group: inference.networking.k8s.io, kind: InferencePool, name: deepseek}
                matches:
                - path: {type: PathPrefix, value: /}
                  headers: [{type: Exact, name: X-Gateway-Base-Model-Name, value: deepseek/r1}]
            """;

    private static final String CONFIG_MAPS =
            """
            apiVersion: v1
            kind: ConfigMap
            metadata:
              name: llama-adapters-allowlist
              labels: {inference.networking.k8s.io/bbr-managed: "true"}
            data:
              baseModel: meta-llama/Llama
              adapters: |
                - food-review-1
            ---
            apiVersion: v1
            kind: ConfigMap
            metadata:
              name: deepseek-adapters-allowlist
              labels: {inference.networking.k8s.io/bbr-managed: "true"}
            data:
              baseModel: deepseek/r1
              adapters: |
                - ski-resorts
                - movie-critique
            """;

    private static final String POLICY =
            """
            apiVersion: gateway.kgateway.dev/v1alpha1
            kind: AgentgatewayPolicy
            metadata: {name: bbr}
            spec:
              targetRefs:
              - {group: gateway.networking.k8s.io, kind: Gateway, name: inference-gateway}
              traffic:
                phase: PreRouting
                transformation:
                  request:
                    set:
                    - name: X-Gateway-Base-Model-Name
                      value: |
                        {
                          "meta-llama/Llama": "meta-llama/Llama",
                          "food-review-1": "meta-llama/Llama",
                          "deepseek/r1": "deepseek/r1",
                          "ski-resorts": "deepseek/r1",
                          "movie-critique": "deepseek/r1",
                        }[json(request.body).model]
            """;

    @ParameterizedTest
    @CsvSource({
        "meta-llama/Llama,llama",
        "food-review-1,llama",
        "deepseek/r1,deepseek",
        "ski-resorts,deepseek",
        "movie-critique,deepseek",
        "unknown,",
    })
    void servingMultiplePoolsByConfigMapsOrByPolicy(String model, @Nullable String expected) {
        Compilation maps = compile(GATEWAY, ROUTES, CONFIG_MAPS, pool("llama"), pool("deepseek"));
        Compilation policy = compile(GATEWAY, ROUTES, POLICY, pool("llama"), pool("deepseek"));

        assertThat(poolFor(maps, model)).isEqualTo(expected);
        assertThat(poolFor(policy, model)).isEqualTo(expected);
        assertThat(problems(maps)).isEmpty();
        assertThat(problems(policy)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"90,10", "50,50", "0,100", "100,0"})
    void replacingAPoolByWeight(int oldWeight, int newWeight) {
        Compilation compiled =
                compile(
                        GATEWAY,
                        pool("llm-pool-v1"),
                        pool("llm-pool-v2"),
                        """
                        apiVersion: gateway.networking.k8s.io/v1
                        kind: HTTPRoute
                        metadata: {name: llm-route}
                        spec:
                          parentRefs: [{group: gateway.networking.k8s.io, kind: Gateway, name: inference-gateway}]
                          rules:
                          - backendRefs:
                            - {group: inference.networking.k8s.io, kind: InferencePool, name: llm-pool-v1, weight: %d}
                            - {group: inference.networking.k8s.io, kind: InferencePool, name: llm-pool-v2, weight: %d}
                        """
                                .formatted(oldWeight, newWeight));
        var counts = new TreeMap<String, Integer>();
        counts.put("llm-pool-v1", 0);
        counts.put("llm-pool-v2", 0);
        for (int i = 0; i < 1000; i++) {
            counts.merge(
                    Objects.requireNonNull(chosen(compiled, TestHead.get("/"))), 1, Integer::sum);
        }
        assertThat(counts.values()).containsExactly(oldWeight * 10, newWeight * 10);
        assertThat(problems(compiled)).isEmpty();
    }

    @Test
    void canaryOfInferenceServicesByPoolAndByAdapter() {
        Compilation compiled =
                compile(
                        GATEWAY,
                        experimentalPool("mymodel-pool-v1"),
                        experimentalPool("mymodel-pool-v2"),
                        """
                        apiVersion: gateway.networking.k8s.io/v1
                        kind: HTTPRoute
                        metadata: {name: inference-route}
                        spec:
                          parentRefs:
                          - {group: gateway.networking.k8s.io, kind: Gateway, name: inference-gateway, sectionName: llm-gw}
                          rules:
                          - backendRefs:
                            - {group: inference.networking.x-k8s.io, kind: InferencePool, name: mymodel-pool-v1, weight: 90}
                            - {group: inference.networking.x-k8s.io, kind: InferencePool, name: mymodel-pool-v2, weight: 10}
                            matches:
                            - path: {type: PathPrefix, value: /v1/completions}
                            - path: {type: PathPrefix, value: /v1/chat/completions}
                        ---
                        apiVersion: gateway.envoyproxy.io/v1alpha1
                        kind: ClientTrafficPolicy
                        metadata: {name: client-buffer-limit}
                        spec:
                          connection: {bufferLimit: 20Mi}
                          targetRefs: [{group: gateway.networking.k8s.io, kind: Gateway, name: inference-gateway}]
                        ---
                        apiVersion: gateway.envoyproxy.io/v1alpha1
                        kind: BackendTrafficPolicy
                        metadata: {name: backend-timeout}
                        spec:
                          timeout: {http: {requestTimeout: 24h}}
                          targetRef: {group: gateway.networking.k8s.io, kind: HTTPRoute, name: inference-route}
                        ---
                        apiVersion: inference.networking.x-k8s.io/v1alpha2
                        kind: InferenceModel
                        metadata: {name: lora}
                        spec:
                          criticality: Critical
                          modelName: lora-request
                          poolRef: {group: inference.networking.x-k8s.io, kind: InferencePool, name: mymodel-pool-v1}
                          targetModels:
                          - {name: travel-helper-v1, weight: 90}
                          - {name: travel-helper-v2, weight: 10}
                        """);
        TestHead chat = TestHead.of("POST", "/v1/chat/completions");
        int canary = 0;
        int second = 0;
        for (int i = 0; i < 1000; i++) {
            canary += "mymodel-pool-v2".equals(chosen(compiled, chat)) ? 1 : 0;
            second += "travel-helper-v2".equals(loraTarget(compiled)) ? 1 : 0;
        }
        assertThat(canary).isEqualTo(100);
        assertThat(second).isEqualTo(100);
        assertThat(chosen(compiled, TestHead.of("POST", "/v1/embeddings"))).isNull();
        assertThat(listener(compiled).bodyLimitBytes()).isEqualTo(20 << 20);
        assertThat(Objects.requireNonNull(Fixture.rule(compiled, chat)).requestTimeout())
                .hasHours(24);
        assertThat(parentWords(compiled, "BackendTrafficPolicy", "backend-timeout"))
                .containsExactly("Accepted=TRUE/Accepted");
        assertThat(problems(compiled)).isEmpty();
    }

    /** Does what the data plane does with a model: base model, header policies, then routes. */
    private static @Nullable String poolFor(Compilation compiled, String model) {
        Listener listener = listener(compiled);
        TestHead head = TestHead.of("POST", "/v1/chat/completions");
        assertThat(listener.routes().dependsOnBody(head)).isTrue();
        String base = listener.baseModels().lookup(model);
        if (base != null) {
            head = head.with(RoutingHeaders.BASE_MODEL, base);
        }
        for (HeaderRule rule : listener.headerRules()) {
            String value = rule.evaluate(head, model);
            head = value == null ? head : head.with(rule.header(), value);
        }
        return chosen(compiled, head);
    }

    private static @Nullable String chosen(Compilation compiled, TestHead head) {
        RouteMatch match = listener(compiled).routes().match(head);
        if (match == null) {
            return null;
        }
        Backend backend = Objects.requireNonNull(match.rule().backends().choose()).backend();
        return backend instanceof Backend.ToPool to ? to.pool().key().name() : null;
    }

    private static @Nullable String loraTarget(Compilation compiled) {
        var pool =
                compiled.snapshot().pools().values().stream()
                        .filter(each -> each.key().name().equals("mymodel-pool-v1"))
                        .findFirst()
                        .orElseThrow();
        return Objects.requireNonNull(pool.rewrites().ruleFor("lora-request")).targets().choose();
    }
}
