package io.weir.app.envoy;

import static io.weir.app.envoy.Client.CHAT;
import static io.weir.app.envoy.Client.chat;

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
import java.util.Set;
import java.util.TreeSet;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PickerBehindEnvoyTest {

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
        envoy = Envoy.start("picker.yaml", Map.of(9002, picker.serving().grpcPort()), folder);
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
    void requestsReachServersThatThePickerNames() throws Exception {
        // When
        Set<String> pods = new TreeSet<>();
        for (int i = 0; i < 30; i++) {
            HttpResponse<String> answer =
                    client.post(envoy.url(CHAT), chat("llm", ", \"user\": \"" + i + "\""));
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            pods.add(Client.pod(answer));
        }

        // Then
        assertThat(pods).containsExactly("llm-0", "llm-1", "llm-2");
    }

    @Test
    void streamsArriveWhole() throws Exception {
        // When
        HttpResponse<String> answer =
                client.post(envoy.url(CHAT), chat("llm", ", \"stream\": true, \"max_tokens\": 20"));

        // Then
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).startsWith("data: {").contains("\"finish_reason\":\"length\"");
        assertThat(answer.body()).endsWith("data: [DONE]\n\n");
    }

    @Test
    void aRequestWithoutBodyIsPickedToo() throws Exception {
        // When
        HttpResponse<String> answer = client.get(envoy.url("/v1/models"));

        // Then
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).contains("\"id\":\"llm\"");
    }

    @Test
    void wrongBodiesAreRefusedByThePicker() throws Exception {
        // When
        HttpResponse<String> answer = client.post(envoy.url(CHAT), "{\"prompt\": \"x\"}");

        // Then
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body())
                .isEqualTo("inference error: BadRequest - model not found in request body");
    }

    @Test
    void bodiesOfTwentyMebibytesPass() throws Exception {
        // When
        String prompt = "ab ".repeat(7 << 20);
        HttpResponse<String> answer =
                client.post(
                        envoy.url("/v1/completions"),
                        "{\"model\": \"llm\", \"max_tokens\": 1, \"prompt\": \"" + prompt + "\"}");

        // Then
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.body()).contains("\"prompt_tokens\"");
    }
}
