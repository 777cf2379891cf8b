package io.weir.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.weir.simulator.engine.EngineProfile;
import io.weir.simulator.engine.PacedLatency;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

class SimulatorServerTest {

    private static final String MODEL = "meta-llama/Llama-3.1-8B-Instruct";

    private final ObjectMapper json = new ObjectMapper();
    private final HttpClient client = HttpClient.newHttpClient();
    private final List<SimulatorServer> servers = new ArrayList<>();

    @AfterEach
    void stop() {
        servers.forEach(SimulatorServer::close);
        client.close();
    }

    private SimulatorServer start(SimulatorConfig config) throws IOException {
        var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        SimulatorServer server = SimulatorServer.start(config, address);
        servers.add(server);
        return server;
    }

    private SimulatorServer start() throws IOException {
        return start(SimulatorConfig.of("pod-a", MODEL).withAdapters("food-review-1"));
    }

    private HttpRequest post(SimulatorServer server, String path, String body) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
    }

    private HttpResponse<String> send(SimulatorServer server, String path, String body)
            throws Exception {
        return client.send(post(server, path, body), HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> get(SimulatorServer server, String path) throws Exception {
        var uri = URI.create("http://127.0.0.1:" + server.port() + path);
        return client.send(
                HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    }

    private static String chat(String model, String rest) {
        return """
        {"model":"%s","messages":[{"role":"user","content":"Hello there"}]%s}\
        """
                .formatted(model, rest);
    }

    @Test
    void aChatCompletionNamesModelPodAndUsage() throws Exception {
        // When
        var answer =
                send(
                        start(),
                        "/v1/chat/completions",
                        chat(MODEL, ",\"max_tokens\":20,\"ignore_eos\":true"));

        // Then
        JsonNode body = json.readTree(answer.body());
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("x-inference-pod")).contains("pod-a");
        assertThat(body.path("object").asText()).isEqualTo("chat.completion");
        assertThat(body.path("model").asText()).isEqualTo(MODEL);
        assertThat(body.at("/choices/0/message/content").asText()).contains(MODEL, "pod-a");
        assertThat(body.at("/choices/0/finish_reason").asText()).isEqualTo("length");
        assertThat(body.at("/usage/completion_tokens").asInt()).isEqualTo(20);
        assertThat(body.at("/usage/prompt_tokens_details/cached_tokens").isInt()).isTrue();
    }

    @Test
    void aStreamHasOneChunkForEachTokenThenUsageThenDone() throws Exception {
        // When
        var answer =
                send(
                        start(),
                        "/v1/chat/completions",
                        chat(
                                "food-review-1",
                                """
                                ,"max_tokens":5,"ignore_eos":true,"stream":true,\
                                "stream_options":{"include_usage":true}\
                                """));

        // Then
        List<String> frames =
                answer.body().lines().filter(line -> line.startsWith("data: ")).toList();
        assertThat(answer.headers().firstValue("content-type").orElse(""))
                .startsWith("text/event-stream");
        assertThat(frames).hasSize(1 + 5 + 1 + 1);
        assertThat(frames.getLast()).isEqualTo("data: [DONE]");
        JsonNode last = json.readTree(frames.get(5).substring(6));
        assertThat(last.at("/choices/0/finish_reason").asText()).isEqualTo("length");
        assertThat(last.path("object").asText()).isEqualTo("chat.completion.chunk");
        JsonNode usage = json.readTree(frames.get(6).substring(6));
        assertThat(usage.path("choices")).isEmpty();
        assertThat(usage.at("/usage/completion_tokens").asInt()).isEqualTo(5);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "{\"model\":\"m\",\"prompt\":\"one two three\"}; 4",
                "{\"model\":\"m\",\"prompt\":[\"one two\",\" three\"]}; 4",
                "{\"model\":\"m\",\"prompt\":[1,2,3,4]}; 4",
                "{\"model\":\"m\",\"prompt\":[[1,2],[3]]}; 3"
            })
    void completionsTakeEveryFormOfPrompt(String body, int promptTokens) throws Exception {
        // When
        var answer = send(start(SimulatorConfig.of("p", "m")), "/v1/completions", body);

        // Then
        JsonNode tree = json.readTree(answer.body());
        assertThat(tree.path("object").asText()).isEqualTo("text_completion");
        assertThat(tree.at("/usage/prompt_tokens").asInt()).isEqualTo(promptTokens);
        assertThat(tree.at("/choices/0/text").asText()).isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "/v1/chat/completions; {\"model\":\"nope\",\"messages\":[{\"role\":\"user\"}]}; 404;"
                        + " NotFoundError; model",
                "/v1/chat/completions; not json; 400; BadRequestError; null",
                "/v1/chat/completions; {\"model\":; 400; BadRequestError; null",
                "/v1/chat/completions; {\"model\":\"m\"}; 400; BadRequestError; messages",
                "/v1/completions; {\"model\":\"m\"}; 400; BadRequestError; prompt",
                "/v1/completions; {\"model\":\"m\",\"prompt\":\"x\",\"max_tokens\":0}; 400;"
                        + " BadRequestError; max_tokens",
                "/v1/completions; {\"model\":\"m\",\"prompt\":\"x\",\"max_tokens\":999999}; 400;"
                        + " BadRequestError; max_tokens",
                "/v1/unknown; {}; 404; NotFoundError; null"
            })
    void errorsHaveTheFormOfModelServers(
            String path, String body, int status, String type, String param) throws Exception {
        // When
        var answer =
                send(
                        start(
                                SimulatorConfig.of("p", "m").toBuilder()
                                        .maxModelTokens(1000)
                                        .build()),
                        path,
                        body);

        // Then
        JsonNode error = json.readTree(answer.body()).path("error");
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(error.path("type").asText()).isEqualTo(type);
        assertThat(error.path("param").asText()).isEqualTo(param);
        assertThat(error.path("code").asInt()).isEqualTo(status);
        assertThat(error.path("message").asText()).isNotEmpty();
    }

    @Test
    void adaptersAreListedWithTheirParentAndCanBeLoadedAndUnloaded() throws Exception {
        // Given
        SimulatorServer server = start();

        // When
        var loaded =
                send(server, "/v1/load_lora_adapter", "{\"lora_name\":\"x\",\"lora_path\":\"/x\"}");
        var twice =
                send(server, "/v1/load_lora_adapter", "{\"lora_name\":\"x\",\"lora_path\":\"/x\"}");
        String models = get(server, "/v1/models").body();
        var unloaded = send(server, "/v1/unload_lora_adapter", "{\"lora_name\":\"x\"}");
        var gone = send(server, "/v1/chat/completions", chat("x", ""));

        // Then
        assertThat(loaded.statusCode()).isEqualTo(200);
        assertThat(twice.statusCode()).isEqualTo(400);
        assertThat(json.readTree(models).path("data"))
                .extracting(card -> card.path("id").asText() + "<" + card.path("parent").asText())
                .containsExactly(MODEL + "<null", "food-review-1<" + MODEL, "x<" + MODEL);
        assertThat(unloaded.statusCode()).isEqualTo(200);
        assertThat(gone.statusCode()).isEqualTo(404);
    }

    @Test
    void metricsFollowRequests() throws Exception {
        // Given
        SimulatorServer server = start();

        // When
        send(server, "/v1/chat/completions", chat(MODEL, ",\"max_tokens\":3,\"ignore_eos\":true"));
        String page = get(server, "/metrics").body();

        // Then
        String labels = "{engine=\"0\",model_name=\"" + MODEL + "\"}";
        assertThat(page)
                .contains("vllm:num_requests_running" + labels + " 0.0")
                .contains("vllm:num_requests_waiting" + labels)
                .contains("vllm:kv_cache_usage_perc" + labels)
                .contains("block_size=\"16\"")
                .contains("max_lora=\"4\",running_lora_adapters=\"\"")
                .contains("vllm:generation_tokens_total" + labels + " 3.0")
                .contains("vllm:time_to_first_token_seconds_count" + labels + " 1");
    }

    @Test
    void embeddingsAndTokenizeAnswer() throws Exception {
        // Given
        SimulatorServer server = start();

        // When
        var embedding =
                send(
                        server,
                        "/v1/embeddings",
                        "{\"model\":\"" + MODEL + "\",\"input\":[\"a\",\"b\"]}");
        var tokens = send(server, "/tokenize", "{\"prompt\":\"one two three\"}");

        // Then
        assertThat(json.readTree(embedding.body()).path("data")).hasSize(2);
        assertThat(json.readTree(embedding.body()).at("/data/0/embedding")).hasSize(384);
        assertThat(json.readTree(tokens.body()).path("count").asInt()).isEqualTo(4);
    }

    @Test
    void faultsAreAppliedAndCanBeChangedWhileItRuns() throws Exception {
        // Given
        SimulatorServer server = start();
        String body = chat(MODEL, ",\"max_tokens\":20,\"ignore_eos\":true,\"stream\":true");

        // When, Then
        send(server, "/admin/config", "{\"status\":503}");
        assertThat(send(server, "/v1/chat/completions", body).statusCode()).isEqualTo(503);
        server.faults(Faults.NONE.withReset(true));
        assertThatThrownBy(() -> send(server, "/v1/chat/completions", body))
                .isInstanceOf(IOException.class);
        server.faults(Faults.NONE.withCutAfterChunks(3));
        assertThatThrownBy(() -> send(server, "/v1/chat/completions", body))
                .isInstanceOf(IOException.class);
        server.faults(Faults.NONE);
        assertThat(send(server, "/v1/chat/completions", body).statusCode()).isEqualTo(200);
        assertThat(send(server, "/admin/config", "{\"failure-injection-rate\":101}").statusCode())
                .isEqualTo(400);
    }

    @Test
    void aStreamThatIsCutHasItsFirstChunks() throws Exception {
        // Given
        SimulatorServer server = start();
        server.faults(Faults.NONE.withCutAfterChunks(3));
        String body = chat(MODEL, ",\"max_tokens\":20,\"ignore_eos\":true,\"stream\":true");
        String head = "POST /v1/chat/completions HTTP/1.1\r\nHost: m\r\nContent-Length: ";

        // When
        String answer;
        try (Socket socket =
                new Socket(server.address().getAddress(), server.address().getPort())) {
            byte[] request = (head + body.length() + "\r\n\r\n" + body).getBytes(US_ASCII);
            socket.getOutputStream().write(request);
            answer = new String(socket.getInputStream().readAllBytes(), US_ASCII);
        }

        // Then
        assertThat(answer.split("data: ", -1)).hasSizeGreaterThan(3);
        assertThat(answer).doesNotContain("[DONE]");
    }

    @Test
    void theEngineGivesTheTimingInRealTime() throws Exception {
        // Given
        EngineProfile profile = EngineProfile.INSTANT.withLatency(PacedLatency.constant(60e6, 5e6));
        SimulatorServer server = start(SimulatorConfig.of("p", "m").withProfile(profile));

        // When
        long start = System.nanoTime();
        var answer =
                send(
                        server,
                        "/v1/chat/completions",
                        chat("m", ",\"max_tokens\":21,\"ignore_eos\":true"));
        double millis = (System.nanoTime() - start) / 1e6;

        // Then
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(millis).isBetween(140.0, 1500.0);
    }

    @Test
    void closingWaitsForAnswersUnderWay() throws Exception {
        // Given
        EngineProfile profile =
                EngineProfile.INSTANT.withLatency(PacedLatency.constant(300e6, 1e6));
        SimulatorServer server = start(SimulatorConfig.of("p", "m").withProfile(profile));
        var answer =
                client.sendAsync(
                        post(server, "/v1/chat/completions", chat("m", "")),
                        HttpResponse.BodyHandlers.ofString());
        while (server.openRequests() == 0) {
            Thread.sleep(5);
        }

        // When
        server.close(Duration.ofSeconds(5));

        // Then
        assertThat(answer.join().statusCode()).isEqualTo(200);
    }
}
