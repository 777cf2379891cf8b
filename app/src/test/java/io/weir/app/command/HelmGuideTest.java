package io.weir.app.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.weir.app.command.Helm.Ran;
import io.weir.kubernetes.embedded.EmbeddedApi;
import io.weir.kubernetes.embedded.EmbeddedApiOptions;
import io.weir.kubernetes.embedded.client.ApiClient;
import io.weir.kubernetes.embedded.object.Trees;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The guides' helm commands, word for word but for the chart's address, with the real helm against
 * the API of {@code weir up}, which refuses what does not fit the schemas.
 */
class HelmGuideTest {

    private static final String ADDRESS =
            "oci://us-central1-docker.pkg.dev/k8s-staging-images/gateway-api-inference-extension"
                    + "/charts/";
    @TempDir private Path home;

    private EmbeddedApi api;

    @BeforeAll
    static void needsHelm() {
        Helm.assumeThere();
    }

    @BeforeEach
    void startApi() throws IOException {
        api =
                EmbeddedApi.start(
                        new EmbeddedApiOptions(
                                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                                Optional.empty(),
                                List.of(),
                                (_, _, sink) -> sink.open().close(),
                                InstantSource.system(),
                                new SecureRandom()));
        api.kubeconfig().write(home.resolve("kubeconfig"));
        define("networking.gke.io", "HealthCheckPolicy", "v1");
        define("networking.gke.io", "GCPBackendPolicy", "v1");
        define("networking.gke.io", "GCPRoutingExtension", "v1");
        define("networking.istio.io", "DestinationRule", "v1");
        define("networking.istio.io", "EnvoyFilter", "v1alpha3");
    }

    @AfterEach
    void stopApi() {
        api.close();
    }

    @ParameterizedTest
    @CsvSource({"gke, 1", "istio, 1", "kgateway, 0", "other, 0"})
    void everyCommandSucceeds(String provider, int pickers) throws Exception {
        install("vllm-llama3-8b-instruct", "--set", "experimentalHttpRoute.enabled=true");

        for (String block : blocks(provider)) {
            shell(block);
        }

        assertThat(baseModel("vllm-deepseek-r1")).isEqualTo("deepseek/vllm-deepseek-r1");
        assertThat(baseModel("vllm-llama3-8b-instruct"))
                .isEqualTo("meta-llama/Llama-3.1-8B-Instruct");
        for (String release : List.of("vllm-deepseek-r1", "vllm-llama3-8b-instruct")) {
            assertThat(get("inference.networking.k8s.io/v1", "InferencePool", release)).isPresent();
            assertThat(replicas(release + "-epp")).isEqualTo(pickers);
        }
        assertThat(shell("helm list --output json")).contains("\"status\":\"deployed\"");
        shell("helm uninstall vllm-deepseek-r1");
        assertThat(get("inference.networking.k8s.io/v1", "InferencePool", "vllm-deepseek-r1"))
                .isEmpty();
    }

    @Test
    void theGatewaysChartIsTakenByTheApi() throws Exception {
        shell("helm install weir " + Helm.chart("weir") + " -n weir-system --create-namespace");

        Optional<ObjectNode> found =
                api.client("test").get("gateway.networking.k8s.io/v1", "GatewayClass", "", "weir");
        assertThat(found).isPresent();
        assertThat(api.client("test").get("apps/v1", "Deployment", "weir-system", "weir"))
                .isPresent();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "inferenceExtension.tracing.enabled=true"
                        + "| no effect without a picker of its own (inferenceExtension.replicas):"
                        + " tracing",
                "inferenceExtension.sidecar.enabled=true,inferenceExtension.sidecar.image=x"
                        + "| (inferenceExtension.replicas): sidecar",
                "inferenceExtension.flags.v=4 | (inferenceExtension.replicas): flags",
                "inferenceExtension.metricsDataSource.path=/m | metricsDataSource",
                "inferencePool.modelServerProtocol=grpc | does not speak gRPC"
            })
    void whatHasNoEffectIsSaid(String values, String note) throws Exception {
        assertThat(install("pool", "--set", values)).contains(note);
    }

    private String install(String release, String... options) throws Exception {
        return shell(
                "helm install %s %s --set inferencePool.modelServers.matchLabels.app=%s %s"
                        .formatted(
                                release,
                                Helm.chart("inferencepool"),
                                release,
                                String.join(" ", options)));
    }

    private String shell(String script) throws Exception {
        Map<String, String> environment = new HashMap<>();
        environment.put("HOME", home.toString());
        environment.put("KUBECONFIG", home.resolve("kubeconfig").toString());
        environment.put("CHART_VERSION", "v0");
        environment.put("IGW_CHART_VERSION", "v0");
        String path = Path.of(Helm.path()).getParent() + ":" + System.getenv("PATH");
        environment.put("PATH", path);
        Ran ran = Helm.run(environment, List.of("bash", "-euc", script));
        assertThat(ran.exit()).as("%s%n%s", script, ran.err()).isZero();
        return ran.out();
    }

    /** Returns the commands for one provider, in order. */
    private static List<String> blocks(String provider) throws IOException {
        try (var stream = HelmGuideTest.class.getResourceAsStream("helm-of-the-guides.sh")) {
            String all =
                    new String(
                            Objects.requireNonNull(stream).readAllBytes(), StandardCharsets.UTF_8);
            String start = provider + "\n";
            List<String> found =
                    List.of(all.split("### ", -1)).stream()
                            .filter(block -> block.startsWith(start))
                            .map(block -> block.substring(start.length()))
                            .map(block -> block.replace(ADDRESS, "../charts/"))
                            .toList();
            assertThat(found).isNotEmpty();
            return found;
        }
    }

    private void define(String group, String kind, String version) {
        String plural = kind.toLowerCase(Locale.ROOT).replaceAll("y$", "ie") + "s";
        String json =
                """
                {"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition",
                 "metadata":{"name":"%2$s.%1$s"},
                 "spec":{"group":"%1$s","scope":"Namespaced",
                         "names":{"kind":"%3$s","plural":"%2$s"},
                         "versions":[{"name":"%4$s","served":true,"storage":true,
                             "schema":{"openAPIV3Schema":{"type":"object",
                                 "x-kubernetes-preserve-unknown-fields":true}}}]}}
                """
                        .formatted(group, plural, kind, version);
        client().create((ObjectNode) Trees.parse(json.getBytes(StandardCharsets.UTF_8)));
    }

    private ApiClient client() {
        return api.client("test");
    }

    private Optional<ObjectNode> get(String apiVersion, String kind, String name) {
        return client().get(apiVersion, kind, "default", name);
    }

    private String baseModel(String route) {
        JsonNode header =
                get("gateway.networking.k8s.io/v1", "HTTPRoute", route)
                        .orElseThrow()
                        .at("/spec/rules/0/matches/0/headers/0");
        assertThat(header.path("name").asText()).isEqualTo("X-Gateway-Base-Model-Name");
        return header.path("value").asText();
    }

    private int replicas(String deployment) {
        return get("apps/v1", "Deployment", deployment)
                .orElseThrow()
                .at("/spec/replicas")
                .asInt(-1);
    }
}
