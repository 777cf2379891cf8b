package io.weir.app.envoy;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.app.command.PickerArguments;
import io.weir.app.picker.PickerProgram;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;

/** An Envoy that sends the picker no more of a body than its buffer of 16 KiB holds. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PartialBodiesBehindEnvoyTest {

    private static final String COMPLETIONS = "/v1/completions";
    private static final String LONG = "\"max_tokens\": 1, \"prompt\": \"" + "ab ".repeat(100_000);
    private static final String ALL_TOKENS = "\"prompt_tokens\":75000,";

    private final Client client = new Client();
    private ModelServers servers;
    private PickerProgram picker;
    private Envoy envoy;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        Envoy.program();
        servers = ModelServers.start(folder, "llm", 3, "--model", "llm");
        picker =
                PickerProgram.start(
                        PickerArguments.parse(
                                "--pool-name",
                                "llm",
                                "--endpoints-file",
                                servers.file(),
                                "--address",
                                "127.0.0.1",
                                "--grpc-port",
                                "0",
                                "--metrics-port",
                                "0"));
        Map<Integer, Integer> ports =
                Map.of(
                        9002, picker.serving().grpcPort(),
                        8000, servers.ports().get(0),
                        8001, servers.ports().get(1),
                        8002, servers.ports().get(2));
        envoy =
                Envoy.start(
                        "fallbacks.yaml",
                        ports,
                        text ->
                                text.replace("body_mode: BUFFERED", "body_mode: BUFFERED_PARTIAL")
                                        .replace("33554432", "16384"),
                        folder);
    }

    @AfterAll
    void stop() throws Exception {
        if (envoy != null) {
            envoy.close();
            picker.close();
            servers.close();
        }
        client.close();
    }

    @Test
    void aSmallBodyIsPickedAndRewritten() throws Exception {
        HttpResponse<String> answer =
                client.post(
                        envoy.url(Client.CHAT),
                        Client.chat("a-long-alias", ""),
                        "x-llm-d-model-name-rewrite",
                        "llm");

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.body()).contains("\"model\":\"a-long-alias\"");
    }

    @Test
    void aLargeBodyPassesWholeThoughOnlyItsBeginningIsRead() throws Exception {
        HttpResponse<String> answer =
                client.post(envoy.url(COMPLETIONS), "{\"model\": \"llm\", " + LONG + "\"}");

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.body()).contains(ALL_TOKENS);
        assertThat(Client.pod(answer)).startsWith("llm-");
    }

    @Test
    void aLargeBodyIsRewrittenInItsBeginning() throws Exception {
        HttpResponse<String> answer =
                client.post(
                        envoy.url(COMPLETIONS),
                        "{\"model\": \"a-long-alias\", " + LONG + "\"}",
                        "x-llm-d-model-name-rewrite",
                        "llm");

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.body()).contains(ALL_TOKENS);
        assertThat(answer.body()).contains("\"model\":\"a-long-alias\"");
    }

    @Test
    void aModelBehindTheCutIsNotGuessed() throws Exception {
        HttpResponse<String> answer =
                client.post(envoy.url(COMPLETIONS), "{" + LONG + "\", \"model\": \"llm\"}");

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body())
                .startsWith("inference error: BadRequest - 'model' is not found in the first ")
                .endsWith(" bytes of the request body, where the proxy cut it off");
    }
}
