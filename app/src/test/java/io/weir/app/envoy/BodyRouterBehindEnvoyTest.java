package io.weir.app.envoy;

import static io.weir.app.envoy.Client.CHAT;
import static io.weir.app.envoy.Client.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weir.app.bodyrouter.BodyRouterProgram;
import io.weir.app.command.BodyRouterArguments;
import io.weir.app.command.PickerArguments;
import io.weir.app.picker.PickerProgram;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Two pools behind one Envoy: the body decides on the pool, its picker on the server. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BodyRouterBehindEnvoyTest {

    private static final Path EXAMPLES = Path.of("..", "examples", "envoy");

    private final Client client = new Client();
    private final List<AutoCloseable> open = new ArrayList<>();
    private PickerProgram llama;
    private BodyRouterProgram router;
    private Path models;
    private Envoy envoy;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        Envoy.program();
        ModelServers llamas =
                ModelServers.start(
                        folder,
                        "llama",
                        2,
                        "--model",
                        "llama",
                        "--lora-modules",
                        "food-review-1",
                        "food-review-2");
        ModelServers mistrals =
                ModelServers.start(
                        folder, "mistral", 2, "--model", "mistral", "--lora-modules", "tuned");
        open.addAll(List.of(llamas, mistrals));
        llama =
                picker(
                        "llama",
                        llamas.file(),
                        "-f",
                        EXAMPLES.resolve("llama-pool.yaml").toString());
        PickerProgram mistral = picker("mistral", mistrals.file());
        models = Files.copy(EXAMPLES.resolve("models.yaml"), folder.resolve("models.yaml"));
        router =
                BodyRouterProgram.start(
                        BodyRouterArguments.parse(
                                "-f",
                                models.toString(),
                                "--body-limit",
                                "24Mi",
                                "--address",
                                "127.0.0.1",
                                "--grpc-port",
                                "0",
                                "--metrics-port",
                                "0"));
        open.add(router);
        envoy =
                Envoy.start(
                        "body-router.yaml",
                        Map.of(
                                9002, llama.serving().grpcPort(),
                                9012, mistral.serving().grpcPort(),
                                9004, router.serving().grpcPort()),
                        folder);
        open.add(envoy);
    }

    private PickerProgram picker(String pool, String servers, String... more) throws Exception {
        List<String> flags = new ArrayList<>(List.of("--pool-name", pool));
        flags.addAll(List.of("--endpoints-file", servers, "--address", "127.0.0.1"));
        flags.addAll(List.of("--grpc-port", "0", "--metrics-port", "0"));
        flags.addAll(List.of(more));
        PickerProgram picker =
                PickerProgram.start(PickerArguments.parse(flags.toArray(String[]::new)));
        open.add(picker);
        return picker;
    }

    @AfterAll
    void stop() throws Exception {
        for (AutoCloseable each : open.reversed()) {
            each.close();
        }
        client.close();
    }

    private HttpResponse<String> ask(String model, String... headers) throws Exception {
        return client.post(envoy.url(CHAT), chat(model, ""), headers);
    }

    private String metrics(int port) throws IOException, InterruptedException {
        return client.get(URI.create("http://127.0.0.1:" + port + "/metrics")).body();
    }

    @Test
    void eachModelReachesItsPool() throws Exception {
        assertThat(Client.pod(ask("llama"))).startsWith("llama-");
        assertThat(Client.pod(ask("food-review-1"))).startsWith("llama-");
        assertThat(Client.pod(ask("mistral"))).startsWith("mistral-");
    }

    @Test
    void aModelThatNobodyServesIsNotFound() throws Exception {
        HttpResponse<String> answer = ask("unheard-of");

        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.body()).isEqualTo("no pool serves this model\n");
    }

    @Test
    void aForgedHeaderDoesNotChooseThePool() throws Exception {
        String forged = "x-gateway-base-model-name";

        assertThat(Client.pod(ask("llama", forged, "mistral"))).startsWith("llama-");
        assertThat(ask("unheard-of", forged, "mistral").statusCode()).isEqualTo(404);
        HttpResponse<String> noModel = client.post(envoy.url(CHAT), "{}", forged, "mistral");
        assertThat(noModel.statusCode()).isEqualTo(404);
    }

    @Test
    void anAliasIsRewrittenOnTheWayThereAndBack() throws Exception {
        HttpResponse<String> answer = ask("chat");
        HttpResponse<String> stream =
                client.post(envoy.url(CHAT), chat("chat", ", \"stream\": true"));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.body()).contains("\"model\":\"chat\"").doesNotContain("\"llama\"");
        assertThat(stream.body()).contains("\"model\":\"chat\"").doesNotContain("\"llama\"");
        assertThat(stream.body()).endsWith("data: [DONE]\n\n");
    }

    @Test
    void oneRequestInTenReachesTheCanary() throws Exception {
        for (int i = 0; i < 200; i++) {
            assertThat(ask("food-review").statusCode()).isEqualTo(200);
        }

        String decisions =
                metrics(llama.serving().metricsPort())
                        .lines()
                        .filter(line -> line.contains("model_rewrite_decisions_total{"))
                        .filter(line -> line.contains("food-review-2"))
                        .findFirst()
                        .orElseThrow();
        double canaries = Double.parseDouble(decisions.substring(decisions.lastIndexOf(' ') + 1));
        assertThat(canaries).isBetween(10.0, 30.0);
    }

    @Test
    void aSavedMappingIsInForceAtOnce() throws Exception {
        assertThat(ask("tuned").statusCode()).isEqualTo(404);

        String text = Files.readString(models);
        Files.writeString(models, text + "  adapters: |\n    - tuned\n");

        await().atMost(Duration.ofSeconds(10))
                .until(() -> Client.pod(ask("tuned")).startsWith("mistral-"));
    }

    @Test
    void longBodiesPassAndTooLongOnesAreRefused() throws Exception {
        String long20 = "ab ".repeat(7 << 20);
        String tooLong = "ab ".repeat(9 << 20);

        HttpResponse<String> fits = client.post(envoy.url("/v1/completions"), prompt(long20));
        HttpResponse<String> refused = client.post(envoy.url("/v1/completions"), prompt(tooLong));

        assertThat(fits.statusCode()).as(fits.body()).isEqualTo(200);
        assertThat(refused.statusCode()).isEqualTo(413);
    }

    private static String prompt(String text) {
        return "{\"model\": \"mistral\", \"max_tokens\": 1, \"prompt\": \"" + text + "\"}";
    }

    @Test
    void itCountsUnderTheNamesOfTheReference() throws Exception {
        ask("llama");
        client.post(envoy.url(CHAT), "{}");

        String metrics = metrics(router.serving().metricsPort());

        assertThat(metrics).contains("bbr_info{").contains("bbr_success_total ");
        assertThat(metrics)
                .containsPattern("bbr_body_field_not_found_total\\{field=\"model\"\\} [1-9]");
    }
}
