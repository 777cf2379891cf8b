package io.weir.app.simulated;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.resource.Deployment;
import io.weir.resource.ObjectSet;
import io.weir.resource.manifest.LoadResult;
import io.weir.resource.manifest.ManifestLoader;
import io.weir.resource.manifest.SourceText;
import io.weir.simulator.engine.EngineProfile;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Clock;
import java.util.List;
import java.util.Optional;

class DeploymentReaderTest {

    private static final SyncedAdapters NOTHING_SYNCED = new SyncedAdapters(ObjectSet.EMPTY);

    @ParameterizedTest
    @CsvSource({
        "ghcr.io/llm-d/llm-d-inference-sim:v0.7.1, SIMULATOR",
        "ghcr.io/llm-d/llm-d-inference-sim@sha256:0123, SIMULATOR",
        "registry.example:5000/mirror/vllm-sim:dev, SIMULATOR",
        "vllm/vllm-openai:v0.15.1, MODEL_SERVER",
        "public.ecr.aws/q9t5s3a7/vllm-cpu-release-repo:v0.11.0, MODEL_SERVER",
        "lmsysorg/sglang:v0.5.6, MODEL_SERVER",
        "registry.k8s.io/gateway-api-inference-extension/epp:v1.4.0, PICKER",
        "nginx, OTHER"
    })
    void imagesAreKnownByTheirNames(String image, ServerImage expected) {
        assertThat(ServerImage.of(image)).isEqualTo(expected);
    }

    @Test
    void realModelServersAreSimulatedOnlyWhenAskedFor() {
        Deployment real = deployment("vllm/vllm-openai:v0.15.1", "args: [--model, m]");

        assertThat(read(real, Simulate.IMAGES)).isEmpty();
        assertThat(read(real, Simulate.ALL)).get().returns(true, d -> d.standsForReal());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "args: [--model, Qwen/Qwen3-32B, --port, '9000']",
                "command: [vllm, serve, Qwen/Qwen3-32B, --port, '9000']",
                "command: [sh, -c, \"vllm serve Qwen/Qwen3-32B --port 9000\"]",
                "command: [python3, -m, vllm.entrypoints.openai.api_server], "
                        + "args: [--model=Qwen/Qwen3-32B, --port=9000]",
                "command: [python3, -m, sglang.launch_server], "
                        + "args: [--model-path, Qwen/Qwen3-32B, --port, $(PORT)], "
                        + "env: [{name: PORT, value: '9000'}]"
            })
    void modelAndPortAreFoundHoweverTheCommandIsWritten(String command) {
        SimulatedDeployment found =
                read(deployment("vllm/vllm-openai", command), Simulate.ALL).orElseThrow();

        assertThat(found.config().models()).containsExactly("Qwen/Qwen3-32B");
        assertThat(found.listensOn(9000)).isTrue();
        assertThat(found.listensOn(8000)).isFalse();
    }

    @Test
    void podsAreNamedLikeThoseOfADeploymentAndKeepTheirNames() {
        Deployment deployment = deployment("vllm-sim", "args: [--model, m]");

        List<String> pods = read(deployment, Simulate.IMAGES).orElseThrow().pods();

        assertThat(pods).hasSize(2).doesNotHaveDuplicates();
        assertThat(pods).allMatch(pod -> pod.matches("servers-[b-z0-9]{9}-[b-z0-9]{5}"));
        assertThat(read(deployment, Simulate.IMAGES).orElseThrow().pods()).isEqualTo(pods);
    }

    @Test
    void otherArgumentsMakeOtherPods() {
        List<String> before =
                read(deployment("vllm-sim", "args: [--model, m]"), Simulate.IMAGES)
                        .orElseThrow()
                        .pods();
        List<String> after =
                read(
                                deployment("vllm-sim", "args: [--model, m, --max-loras, '3']"),
                                Simulate.IMAGES)
                        .orElseThrow()
                        .pods();

        assertThat(after).doesNotContainAnyElementsOf(before);
    }

    @Test
    void aMalformedArgumentIsAProblemOfItsDeployment() {
        DeploymentReader reader =
                new DeploymentReader(
                        new ServerReader(Simulate.IMAGES, EngineProfile.INSTANT, 1),
                        NOTHING_SYNCED);

        Optional<SimulatedDeployment> found =
                reader.read(deployment("vllm-sim", "args: [--model, m, --port, many]"));

        assertThat(found).isEmpty();
        assertThat(reader.problems())
                .singleElement()
                .asString()
                .startsWith("d.yaml:1: Deployment default/servers spec.template.spec.containers:")
                .contains("--port: many");
    }

    private static Optional<SimulatedDeployment> read(Deployment deployment, Simulate mode) {
        return new DeploymentReader(
                        new ServerReader(mode, EngineProfile.INSTANT, 1), NOTHING_SYNCED)
                .read(deployment);
    }

    private static Deployment deployment(String image, String container) {
        String text =
                """
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: servers}
                spec:
                  replicas: 2
                  selector: {matchLabels: {app: a}}
                  template:
                    metadata: {labels: {app: a}}
                    spec:
                      containers:
                      - {name: vllm, image: "%s", %s}
                """
                        .formatted(image, container);
        LoadResult loaded =
                new ManifestLoader(Clock.systemUTC())
                        .loadTexts(List.of(SourceText.of("d.yaml", text)), LoadResult.EMPTY);
        assertThat(loaded.problems()).isEmpty();
        return loaded.objects().all(Deployment.class).getFirst();
    }
}
