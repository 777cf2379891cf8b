package io.weir.proxy;

import static io.weir.proxy.testing.Config.config;
import static io.weir.proxy.testing.Config.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.weir.model.ModelRewrites;
import io.weir.picker.PickerSettings;
import io.weir.picker.flow.FlowSnapshot;
import io.weir.picker.flow.FlowSnapshot.Evictions;
import io.weir.picker.pool.EndpointWatch;
import io.weir.picker.pool.PickerRegistry;
import io.weir.picker.pool.PoolSpec;
import io.weir.proxy.testing.Config;
import io.weir.proxy.testing.Gateway;
import io.weir.proxy.testing.TestClient;
import io.weir.proxy.testing.TestServer;
import io.weir.proxy.testing.Wire;
import io.weir.resource.ObjectKey;
import io.weir.telemetry.ExchangeRecord;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/** Requests that are broken off at a server that works on one at a time, for better ones. */
class EvictionTest {

    private static final ObjectKey POOL = Config.poolKey("p");
    private static final Map<String, Integer> PRIORITIES = Map.of("gold", 10, "scrap", -1);
    private static final String RULES =
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

    private static final String ERROR_EVENT =
            "data: {\"error\":{\"message\":\"request evicted by flow control\","
                    + "\"type\":\"RateLimitError\",\"param\":null,\"code\":429}}\n\n";

    private final PickerRegistry registry = PickerRegistry.create(EndpointWatch.NONE);
    private final Semaphore answers = new Semaphore(0);
    private final AtomicInteger abandoned = new AtomicInteger();
    private final List<TestClient> clients = new ArrayList<>();
    private volatile TestServer.Responder begun = (_, _) -> {};
    private TestServer server;
    private Gateway gateway;

    @BeforeEach
    void start() throws Exception {
        server = TestServer.answering(this::answer);
        gateway = Gateway.start(config().rule("/", pool("p", ModelRewrites.NONE, PRIORITIES)));
        gateway.pool("p", registry.forPool(POOL));
        PoolSpec spec = new PoolSpec(List.of(server.endpoint()), new PickerSettings(RULES, "test"));
        assertThat(registry.apply(Map.of(POOL, spec))).isEmpty();
    }

    /** Answers at once, unless the prompt says otherwise. */
    private void answer(Wire.Message request, TestServer.Connection connection)
            throws IOException, InterruptedException {
        switch (request.text()) {
            case String text when text.contains("held") -> abandon(connection);
            case String text when text.contains("begun") -> {
                begun.answer(request, connection);
                abandon(connection);
            }
            case String text when text.contains("slow") -> {
                answers.acquire();
                connection.respond(200, "text/plain", "done");
            }
            default -> connection.respond(200, "text/plain", "done");
        }
    }

    private void abandon(TestServer.Connection connection) {
        connection.awaitClose();
        abandoned.incrementAndGet();
    }

    @AfterEach
    void stop() throws Exception {
        answers.release(100);
        for (TestClient client : clients) {
            client.close();
        }
        gateway.close();
        server.close();
        registry.close();
    }

    private TestClient ask(String prompt, String objective) throws Exception {
        TestClient client = gateway.connect();
        clients.add(client);
        client.post(
                "/v1/completions",
                "{\"model\":\"m\",\"prompt\":\"" + prompt + "\"}",
                "x-gateway-inference-objective: " + objective);
        return client;
    }

    private void awaitRequests(int count) {
        await().until(() -> server.requests().size() == count);
    }

    private Evictions evictions() {
        FlowSnapshot flows = Objects.requireNonNull(registry.flows().get(POOL));
        return Objects.requireNonNull(flows.evictions());
    }

    private int inFlight() {
        return registry.forPool(POOL).endpoints().getFirst().inFlightRequests();
    }

    @Test
    void aVictimGetsA429ItsServerIsLeftAloneAndTheBetterRequestIsServed() throws Exception {
        // Given
        TestClient victim = ask("held", "scrap");
        awaitRequests(1);

        // When
        TestClient better = ask("better", "gold");

        // Then
        Wire.Message answer = victim.read();
        assertThat(answer.status()).isEqualTo(429);
        assertThat(answer.header("x-llm-d-request-dropped-reason")).isEqualTo("evicted");
        assertThat(answer.header("content-type")).isEqualTo("application/json");
        assertThat(answer.header("retry-after")).isEqualTo("1");
        assertThat(answer.text())
                .contains("\"message\":\"request evicted by flow control\"")
                .contains("\"type\":\"RateLimitError\"");
        assertThat(better.read().status()).isEqualTo(200);
        await().until(() -> abandoned.get() == 1);
        assertThat(evictions().confirmed()).isOne();
        await().until(() -> inFlight() == 0);
        assertThat(registry.forPool(POOL).endpoints().getFirst().healthy()).isTrue();
    }

    @Test
    void theVictimsConnectionGoesOn() throws Exception {
        TestClient victim = ask("held", "scrap");
        awaitRequests(1);
        ask("better", "gold").read();
        assertThat(victim.read().status()).isEqualTo(429);

        victim.post("/v1/completions", "{\"model\":\"m\",\"prompt\":\"again\"}");

        assertThat(victim.read().status()).isEqualTo(200);
    }

    /** Has a victim whose answer begins in a way; returns when the beginning has come. */
    private TestClient begun(TestServer.Responder beginning) throws Exception {
        begun = beginning;
        TestClient victim = ask("begun", "scrap");
        assertThat(Wire.readHead(victim.in()).start()).contains("200");
        return victim;
    }

    private static String rest(TestClient client) throws IOException {
        return new String(client.in().readAllBytes(), StandardCharsets.UTF_8);
    }

    private void assertRecordedAsEvicted() throws InterruptedException {
        ExchangeRecord record = gateway.record();
        assertThat(record.status).isEqualTo(429);
        assertThat(record.error).isEqualTo("request evicted by flow control");
    }

    @Test
    void aStreamThatHasBegunEndsWithAnErrorAndItsConnectionGoesOn() throws Exception {
        // Given
        begun =
                (_, connection) -> {
                    connection.beginChunked("text/event-stream; charset=utf-8");
                    connection.chunk("data: {\"choices\":[]}\n\n");
                };
        TestClient victim = ask("begun", "scrap");
        awaitStreams(1);

        // When
        TestClient better = ask("better", "gold");

        // Then
        assertThat(better.read().status()).isEqualTo(200);
        Wire.Message stream = victim.read();
        assertThat(stream.status()).isEqualTo(200);
        assertThat(stream.text()).isEqualTo("data: {\"choices\":[]}\n\n" + ERROR_EVENT);
        assertRecordedAsEvicted();
        await().until(() -> abandoned.get() == 1);
        await().until(() -> inFlight() == 0);
        victim.post("/v1/completions", "{\"model\":\"m\",\"prompt\":\"again\"}");
        assertThat(victim.read().status()).isEqualTo(200);
    }

    private void awaitStreams(int count) {
        await().until(() -> gateway.plane().stats().openStreams() == count);
    }

    @Test
    void aStreamWithoutAnEventEndsWithAnError() throws Exception {
        begun = (_, connection) -> connection.beginChunked("text/event-stream");
        TestClient victim = ask("begun", "scrap");
        awaitStreams(1);

        ask("better", "gold");

        assertThat(victim.read().text()).isEqualTo(ERROR_EVENT);
    }

    @Test
    void theEventUnderWayComesToItsEndBeforeTheError() throws Exception {
        // Given
        begun =
                (_, connection) -> {
                    connection.beginChunked("text/event-stream");
                    connection.chunk("data: 1\r\n\r\ndata: {\"a");
                    answers.acquire();
                    connection.chunk("\":1}\r\n\r");
                    connection.chunk("\ndata: 3\r\n\r\n");
                };
        TestClient victim = ask("begun", "scrap");
        awaitStreams(1);
        TestClient better = ask("better", "gold");
        await().until(() -> evictions().pending() > 0);
        Thread.sleep(100);

        // When
        answers.release();

        // Then
        assertThat(better.read().status()).isEqualTo(200);
        assertThat(victim.read().text())
                .isEqualTo("data: 1\r\n\r\ndata: {\"a\":1}\r\n\r\n" + ERROR_EVENT);
        assertRecordedAsEvicted();
        await().until(() -> abandoned.get() == 1);
    }

    @Test
    void aStreamWhoseEventDoesNotComeToItsEndIsCutOff() throws Exception {
        TestServer.Responder inTheMiddle =
                (_, connection) -> {
                    connection.beginChunked("text/event-stream");
                    connection.chunk("data: {\"a");
                };
        TestClient victim = begun(inTheMiddle);

        TestClient better = ask("better", "gold");

        assertThat(rest(victim)).doesNotContain("error").doesNotContain("\r\n0\r\n");
        assertThat(better.read().status()).isEqualTo(200);
        assertRecordedAsEvicted();
        await().until(() -> abandoned.get() == 1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "content-type: application/json\r\ncontent-length: 100",
                "content-type: application/json\r\ntransfer-encoding: chunked",
                "content-type: text/event-stream\r\ncontent-length: 100",
                "content-type: text/event-stream\r\ncontent-encoding: gzip\r\n"
                        + "transfer-encoding: chunked"
            })
    void otherAnswersThatHaveBegunAreCutOff(String headers) throws Exception {
        TestClient victim =
                begun((_, connection) ->
                        connection.send("HTTP/1.1 200 OK\r\n" + headers + "\r\n\r\n2\r\n{}\r\n"));

        TestClient better = ask("better", "gold");

        assertThat(rest(victim)).hasSizeLessThan(20).doesNotContain("\r\n0\r\n");
        assertThat(better.read().status()).isEqualTo(200);
        assertRecordedAsEvicted();
        await().until(() -> abandoned.get() == 1);
        await().until(() -> inFlight() == 0);
    }

    @Test
    void anAnswerWithoutALengthIsCutOffByAReset() throws Exception {
        // Given
        begun =
                (_, connection) -> {
                    connection.beginChunked("application/json");
                    connection.chunk("{\"a\":");
                };
        TestClient victim = gateway.connect();
        clients.add(victim);
        String body = "{\"model\":\"m\",\"prompt\":\"begun\"}";
        victim.send(
                "POST /v1/completions HTTP/1.0\r\ncontent-type: application/json\r\n"
                        + "x-gateway-inference-objective: scrap\r\ncontent-length: "
                        + body.length()
                        + "\r\n\r\n"
                        + body);
        assertThat(Wire.readHead(victim.in()).start()).contains("200");

        // When
        ask("better", "gold");

        // Then
        assertThatThrownBy(() -> rest(victim)).isInstanceOf(SocketException.class);
    }

    @Test
    void equalsAndBettersAreNotBrokenOff() throws Exception {
        TestClient first = ask("slow", "gold");
        awaitRequests(1);
        TestClient second = ask("other", "gold");
        await().until(() ->
                Objects.requireNonNull(registry.flows().get(POOL)).total().requests() == 1);

        answers.release();

        assertThat(first.read().status()).isEqualTo(200);
        assertThat(second.read().status()).isEqualTo(200);
        assertThat(evictions().confirmed()).isZero();
    }

    @Test
    void manyVictimsAreAnsweredAndNothingIsLeftInFlight() throws Exception {
        // Given
        int rounds = 8;

        // When
        for (int i = 0; i < rounds; i++) {
            TestClient victim = ask("held", "scrap");
            awaitRequests(2 * i + 1);
            TestClient better = ask("better", "gold");
            assertThat(victim.read().status()).as("round %d", i).isEqualTo(429);
            assertThat(better.read().status()).as("round %d", i).isEqualTo(200);
            await().until(() -> inFlight() == 0);
        }

        // Then
        assertThat(evictions().confirmed()).isEqualTo(rounds);
        await().until(() -> abandoned.get() == rounds);
        await().until(() -> gateway.plane().stats().openExchanges() == 0);
    }
}
