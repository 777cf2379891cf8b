package io.weir.resource.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.resource.BackendTrafficPolicy;
import io.weir.resource.ClientTrafficPolicy;
import io.weir.resource.ConfigMap;
import io.weir.resource.Deployment;
import io.weir.resource.HttpRoute;
import io.weir.resource.InferencePool;
import io.weir.resource.Resource;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/** Manifests of the size and style that guides apply. */
class GuidesTest {

    @Test
    void aCanaryRelease() throws IOException {
        LoadResult result = load("canary.yaml");
        assertThat(result.problems()).isEmpty();
        assertThat(result.objects().all())
                .extracting(Resource::key)
                .extracting(Object::toString)
                .containsExactly(
                        "BackendTrafficPolicy default/backend-timeout",
                        "ClientTrafficPolicy default/client-buffer-limit",
                        "Gateway default/inference-gateway",
                        "GatewayClass inference-gateway",
                        "HTTPRoute default/inference-route",
                        "InferenceModel default/mymodel-v1",
                        "InferencePool default/mymodel-pool-v1");
        assertThat(one(result, InferencePool.class).endpointPicker())
                .extracting(InferencePool.EndpointPickerRef::port)
                .isEqualTo(9002);
        assertThat(one(result, ClientTrafficPolicy.class).bufferLimitBytes()).isEqualTo(20L << 20);
        assertThat(one(result, BackendTrafficPolicy.class).requestTimeout())
                .isEqualTo(Duration.ofDays(1));
        HttpRoute.Rule rule = one(result, HttpRoute.class).rules().getFirst();
        assertThat(rule.backendRefs())
                .extracting(HttpRoute.BackendRef::weight)
                .containsExactly(90, 10);
        assertThat(rule.matches()).hasSize(2);
    }

    @Test
    void anEndpointPicker() throws IOException {
        LoadResult result = load("picker.yaml");
        assertThat(result.problems()).isEmpty();
        assertThat(result.skipped())
                .extracting(DecodeResult.Unknown::kind)
                .containsExactly("ClusterRole");
        Deployment deployment = one(result, Deployment.class);
        assertThat(deployment.podSpec().configMapVolumes())
                .containsEntry("plugins-config-volume", "plugins-config");
        assertThat(deployment.podSpec().containers().getFirst().args())
                .containsExactly(
                        "--pool-name",
                        "llama",
                        "-v",
                        "4",
                        "--config-file",
                        "/config/default-plugins.yaml");
        assertThat(one(result, ConfigMap.class).data().get("default-plugins.yaml"))
                .endsWith("- type: queue-scorer\n");
        assertThat(deployment.metadata().origin().line()).isEqualTo(18);
    }

    private static <T extends Resource> T one(LoadResult result, Class<T> type) {
        return result.objects().all(type).getFirst();
    }

    private static LoadResult load(String name) throws IOException {
        try (InputStream in = GuidesTest.class.getResourceAsStream("guides/" + name)) {
            byte[] content = Objects.requireNonNull(in, name).readAllBytes();
            return ManifestTesting.loader()
                    .loadTexts(List.of(new SourceText(name, content)), LoadResult.EMPTY);
        }
    }
}
