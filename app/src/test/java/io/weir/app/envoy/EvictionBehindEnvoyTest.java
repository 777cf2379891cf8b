package io.weir.app.envoy;

import static io.weir.app.envoy.Client.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.weir.app.command.PickerArguments;
import io.weir.app.picker.PickerProgram;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** What clients of an Envoy see when their running streams are broken off for better requests. */
class EvictionBehindEnvoyTest {

    private static final String OBJECTIVE = "x-gateway-inference-objective";

    /** A pool that takes one request at a time, and breaks off scrap for gold. */
    private static final String CONFIG =
            """
            apiVersion: llm-d.ai/v1alpha1
            kind: EndpointPickerConfig
            featureGates: [flowControl]
            plugins:
            - type: concurrency-detector
              parameters: {maxConcurrency: 1}
            flowControl:
              enableEviction: true
              saturationDetector: {pluginRef: concurrency-detector}
            """;

    private static final String OBJECTS =
            """
            apiVersion: inference.networking.k8s.io/v1
            kind: InferencePool
            metadata: {name: llm}
            spec:
              selector: {matchLabels: {app: llm}}
              targetPorts: [{number: 8000}]
              endpointPickerRef: {name: picker, port: {number: 9002}}
            ---
            apiVersion: inference.networking.x-k8s.io/v1alpha2
            kind: InferenceObjective
            metadata: {name: gold}
            spec: {priority: 10, poolRef: {name: llm}}
            ---
            apiVersion: inference.networking.x-k8s.io/v1alpha2
            kind: InferenceObjective
            metadata: {name: scrap}
            spec: {priority: -1, poolRef: {name: llm}}
            """;

    @TempDir private Path folder;

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private ModelServers servers;
    private PickerProgram picker;

    @BeforeEach
    void start() throws Exception {
        Envoy.program();
        Path objects = Files.writeString(folder.resolve("objects.yaml"), OBJECTS);
        servers =
                ModelServers.start(
                        folder, "llm", 1, "--model", "llm", "--inter-token-latency", "20ms");
        picker =
                PickerProgram.start(
                        PickerArguments.parse(
                                "--pool-name",
                                "llm",
                                "-f",
                                objects.toString(),
                                "--endpoints-file",
                                servers.file(),
                                "--config-text",
                                CONFIG,
                                "--address",
                                "127.0.0.1",
                                "--grpc-port",
                                "0",
                                "--metrics-port",
                                "0"));
    }

    @AfterEach
    void stop() {
        if (picker != null) {
            picker.close();
        }
        if (servers != null) {
            servers.close();
        }
        client.shutdownNow();
    }

    private Envoy fullDuplex() throws Exception {
        return Envoy.start("picker.yaml", Map.of(9002, picker.serving().grpcPort()), folder);
    }

    private Envoy streamed() throws Exception {
        int server = servers.ports().getFirst();
        int picks = picker.serving().grpcPort();
        return Envoy.start(
                "fallbacks.yaml",
                Map.of(9002, picks, 8000, server, 8001, server, 8002, server),
                // A picker that has just started may be slow; no request is to pass without it.
                text -> text.replace("message_timeout: 1s", "message_timeout: 20s"),
                folder);
    }

    private HttpRequest request(Envoy envoy, String objective, String more) {
        return HttpRequest.newBuilder(envoy.url(Client.CHAT))
                .header("content-type", "application/json")
                .header(OBJECTIVE, objective)
                .POST(BodyPublishers.ofString(chat("llm", more)))
                .build();
    }

    private BufferedReader longStream(Envoy envoy, String more) throws Exception {
        String body = ", \"stream\": true, \"max_tokens\": 1000, \"ignore_eos\": true" + more;
        var answer = client.send(request(envoy, "scrap", body), BodyHandlers.ofInputStream());
        assertThat(answer.statusCode()).isEqualTo(200);
        var lines =
                new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8));
        assertThat(lines.readLine()).startsWith("data: {");
        return lines;
    }

    private CompletableFuture<HttpResponse<String>> better(Envoy envoy) {
        return client.sendAsync(
                request(envoy, "gold", ", \"max_tokens\": 1"), BodyHandlers.ofString());
    }

    private static List<String> rest(BufferedReader lines) {
        return lines.lines().filter(line -> !line.isEmpty()).toList();
    }

    @Test
    void inFullDuplexAStreamEndsWithAnErrorAndItsServerStops() throws Exception {
        try (Envoy envoy = fullDuplex();
                BufferedReader victim = longStream(envoy, "")) {
            // When
            var better = better(envoy);
            List<String> rest = rest(victim);

            // Then
            assertThat(rest.getLast())
                    .startsWith(
                            "data: {\"error\":{\"message\":\"request evicted by flow control\"");
            assertThat(better.get().statusCode()).isEqualTo(200);
            await().until(() -> servers.server(0).openRequests() == 0);
            await().until(() -> picker.serving().openStreams() == 0);
        }
    }

    @Test
    void whereEnvoyWaitsForEachPieceAStreamIsCutOff() throws Exception {
        String usage = ", \"stream_options\": {\"include_usage\": true}";
        for (String more : List.of("", usage)) {
            try (Envoy envoy = streamed();
                    BufferedReader victim = longStream(envoy, more)) {
                // When
                var better = better(envoy);

                // Then
                assertThatThrownBy(() -> rest(victim))
                        .isInstanceOf(UncheckedIOException.class)
                        .hasCauseInstanceOf(IOException.class);
                assertThat(better.get().statusCode()).isEqualTo(200);
                await().until(() -> servers.server(0).openRequests() == 0);
            }
        }
    }
}
