package io.weir.app.simulated;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.resource.manifest.LoadResult;
import io.weir.resource.manifest.ManifestLoader;
import io.weir.resource.manifest.SourceText;
import io.weir.simulator.SimulatorConfig.Adapter;
import io.weir.simulator.engine.EngineProfile;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Clock;
import java.util.List;

class SyncedAdaptersTest {

    @Test
    void adaptersThatASyncerWouldLoadAreServedFromTheStart() {
        List<Adapter> adapters =
                adapters(
                        """
                        vLLMLoRAConfig:
                            name: rollout
                            port: 8000
                            ensureExist:
                              models:
                              - id: food-review-1
                                source: somebody/food-review
                              - id: retired
                                source: somebody/retired
                            ensureNotExist:
                              models:
                              - id: retired
                        """);

        assertThat(adapters)
                .containsExactly(
                        new Adapter("given", "given"),
                        new Adapter("food-review-1", "somebody/food-review"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "something: else",
                "vLLMLoRAConfig: [",
                "vLLMLoRAConfig: text",
                "vLLMLoRAConfig: {ensureExist: {models: [1, {id: 2}, null]}}"
            })
    void anyOtherTextIsLeftAlone(String text) {
        assertThat(adapters(text)).extracting(Adapter::name).containsExactly("given");
    }

    private static List<Adapter> adapters(String config) {
        String text =
                """
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: servers}
                spec:
                  selector: {matchLabels: {app: a}}
                  template:
                    metadata: {labels: {app: a}}
                    spec:
                      containers:
                      - name: vllm
                        image: vllm/vllm-openai
                        args: [--model, m, --lora-modules, given=given]
                      volumes:
                      - {name: config, configMap: {name: rollout}}
                ---
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: rollout}
                data:
                  configmap.yaml: |
                %s
                """
                        .formatted(config.indent(4));
        LoadResult loaded =
                new ManifestLoader(Clock.systemUTC())
                        .loadTexts(List.of(SourceText.of("d.yaml", text)), LoadResult.EMPTY);
        assertThat(loaded.problems()).isEmpty();
        return SimulatedDeployments.read(loaded.objects(), Simulate.ALL, EngineProfile.INSTANT, 1)
                .all()
                .iterator()
                .next()
                .config()
                .adapters();
    }
}
