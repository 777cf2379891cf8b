package io.weir.app.envoy;

import static io.weir.app.envoy.Client.CHAT;
import static io.weir.app.envoy.Client.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weir.app.command.PickerArguments;
import io.weir.app.picker.PickerProgram;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PickerBehindEnvoyTest {

    /** Goes by nothing that has to be learned from streams. */
    private static final String BY_QUEUE =
            """
            apiVersion: inference.networking.x-k8s.io/v1alpha1
            kind: EndpointPickerConfig
            plugins:
            - type: queue-scorer
            schedulingProfiles:
            - name: default
              plugins:
              - pluginRef: queue-scorer
            """;

    private final Client client = new Client();
    private Path folder;
    private ModelServers servers;
    private PickerProgram picker;
    private Envoy envoy;

    @BeforeAll
    void start(@TempDir Path temporary) throws Exception {
        folder = temporary;
        Envoy.program();
        servers = ModelServers.start(folder, "llm", 3, "--model", "llm");
        picker = picker();
        envoy = Envoy.start("picker.yaml", Map.of(9002, picker.serving().grpcPort()), folder);
    }

    private PickerProgram picker(String... more) throws Exception {
        List<String> flags = new ArrayList<>(List.of("--pool-name", "llm"));
        flags.addAll(List.of("--endpoints-file", servers.file(), "--address", "127.0.0.1"));
        flags.addAll(List.of("--grpc-port", "0", "--metrics-port", "0"));
        flags.addAll(List.of(more));
        return PickerProgram.start(PickerArguments.parse(flags.toArray(String[]::new)));
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
                client.post(
                        envoy.url(CHAT),
                        chat(
                                "llm",
                                ", \"stream\": true, \"max_tokens\": 20, \"ignore_eos\": true"));

        // Then
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).startsWith("data: {").contains("\"finish_reason\":\"length\"");
        assertThat(answer.body()).endsWith("data: [DONE]\n\n");
    }

    @Test
    void streamsInWhichNothingIsToBeReadAreNotSentToThePicker() throws Exception {
        PickerProgram byQueue = picker("--config-text", BY_QUEUE);
        Map<Integer, Integer> ports =
                Map.of(
                        9002, byQueue.serving().grpcPort(),
                        8000, servers.ports().get(0),
                        8001, servers.ports().get(1),
                        8002, servers.ports().get(2));
        try (byQueue;
                Envoy buffering = Envoy.start("fallbacks.yaml", ports, folder)) {
            String more = ", \"stream\": true, \"max_tokens\": 20";
            String usage = more + ", \"stream_options\": {\"include_usage\": true}";

            HttpResponse<String> answer = client.post(buffering.url(CHAT), chat("llm", more));
            double unread = answeredBytes(byQueue);
            client.post(buffering.url(CHAT), chat("llm", usage));

            assertThat(answer.body()).endsWith("data: [DONE]\n\n");
            assertThat(unread).isZero();
            assertThat(answeredBytes(byQueue)).isPositive();
        }
    }

    /**
     * Answers are counted when their streams end, which is a moment after their clients have them.
     */
    private double answeredBytes(PickerProgram of) throws Exception {
        await().until(() -> of.serving().openStreams() == 0);
        URI page = URI.create("http://127.0.0.1:" + of.serving().metricsPort() + "/metrics");
        return client.get(page)
                .body()
                .lines()
                .filter(line -> line.startsWith("weir_body_bytes_total{direction=\"response\"}"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
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
