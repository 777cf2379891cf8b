package io.weir.proxy;

import static io.weir.proxy.testing.Config.config;
import static io.weir.proxy.testing.Config.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weir.model.ModelRewrites;
import io.weir.picker.PickerSettings;
import io.weir.picker.flow.FlowSnapshot;
import io.weir.picker.pool.EndpointWatch;
import io.weir.picker.pool.PickerRegistry;
import io.weir.picker.pool.PoolSpec;
import io.weir.proxy.testing.Config;
import io.weir.proxy.testing.Gateway;
import io.weir.proxy.testing.TestClient;
import io.weir.proxy.testing.TestServer;
import io.weir.proxy.testing.Wire;
import io.weir.resource.ObjectKey;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Semaphore;

/** Requests that wait in the gateway until a server that works on one at a time has room. */
class QueueTest {

    private static final ObjectKey POOL = Config.poolKey("p");
    private static final Map<String, Integer> PRIORITIES = Map.of("gold", 10, "scrap", -1);

    private final PickerRegistry registry = PickerRegistry.create(EndpointWatch.NONE);
    private final Semaphore answers = new Semaphore(0);
    private final List<TestClient> clients = new ArrayList<>();
    private TestServer server;
    private Gateway gateway;

    @BeforeEach
    void start() throws Exception {
        server =
                TestServer.answering((_, connection) -> {
                    answers.acquire();
                    connection.respond(200, "text/plain", "done");
                });
        gateway = Gateway.start(config().rule("/", pool("p", ModelRewrites.NONE, PRIORITIES)));
        gateway.pool("p", registry.forPool(POOL));
        configure("30s", 2);
    }

    private void configure(String ttl, int places) {
        String text =
                """
                apiVersion: llm-d.ai/v1alpha1
                kind: EndpointPickerConfig
                featureGates: [flowControl]
                plugins:
                - type: concurrency-detector
                  parameters: {maxConcurrency: 1}
                flowControl:
                  defaultRequestTTL: %s
                  saturationDetector: {pluginRef: concurrency-detector}
                  defaultPriorityBand: {maxRequests: %d}
                """
                        .formatted(ttl, places);
        PoolSpec spec = new PoolSpec(List.of(server.endpoint()), new PickerSettings(text, "test"));
        assertThat(registry.apply(Map.of(POOL, spec))).isEmpty();
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

    private TestClient ask(String prompt, String... headers) throws Exception {
        TestClient client = gateway.connect();
        clients.add(client);
        client.post("/v1/completions", body(prompt), headers);
        return client;
    }

    private static String body(String prompt) {
        return "{\"model\":\"m\",\"prompt\":\"" + prompt + "\"}";
    }

    private FlowSnapshot flows() {
        return Objects.requireNonNull(registry.flows().get(POOL));
    }

    private void awaitWaiting(int requests) {
        await().until(() -> flows().total().requests() == requests);
    }

    private void awaitBusy() {
        await().until(() -> server.requests().size() == 1);
    }

    @Test
    void theSecondRequestGoesToTheServerWhenTheFirstOneIsAnswered() throws Exception {
        TestClient first = ask("first");
        awaitBusy();
        TestClient second = ask("second");
        awaitWaiting(1);
        assertThat(server.requests()).hasSize(1);

        answers.release(2);

        assertThat(first.read().status()).isEqualTo(200);
        assertThat(second.read().text()).isEqualTo("done");
        assertThat(server.requests().get(1).text()).isEqualTo(body("second"));
        assertThat(flows().total().requests()).isZero();
    }

    @Test
    void higherPrioritiesGoFirst() throws Exception {
        TestClient first = ask("first");
        awaitBusy();
        TestClient low = ask("low", "x-gateway-inference-objective: scrap");
        awaitWaiting(1);
        TestClient high = ask("high", "x-gateway-inference-objective: gold");
        awaitWaiting(2);

        answers.release();
        first.read();
        answers.release();
        assertThat(high.read().status()).isEqualTo(200);
        answers.release();
        assertThat(low.read().status()).isEqualTo(200);

        assertThat(server.requests().get(1).text()).isEqualTo(body("high"));
        assertThat(server.requests().get(2).text()).isEqualTo(body("low"));
    }

    @Test
    void aWaitThatIsTooLongIsA429ThatSaysWhenToComeAgain() throws Exception {
        configure("100ms", 2);
        ask("first");
        awaitBusy();

        Wire.Message answer = ask("second").read();

        assertThat(answer.status()).isEqualTo(429);
        assertThat(answer.header("retry-after")).isNotNull();
        assertThat(answer.text()).contains("\"error\"");
        assertThat(server.requests()).hasSize(1);
    }

    @Test
    void whoFindsNoPlaceInLineIsRefusedAtOnce() throws Exception {
        configure("30s", 1);
        ask("first");
        awaitBusy();
        ask("second");
        awaitWaiting(1);

        assertThat(ask("third").read().status()).isEqualTo(429);
        assertThat(flows().total().requests()).isOne();
    }

    @Test
    void aClientThatGoesAwayGivesItsPlaceBack() throws Exception {
        TestClient first = ask("first");
        awaitBusy();
        TestClient second = ask("second");
        awaitWaiting(1);

        second.close();

        awaitWaiting(0);
        answers.release();
        assertThat(first.read().status()).isEqualTo(200);
        assertThat(server.requests()).hasSize(1);
    }

    @Test
    void aDrainServesThoseWhoWait() throws Exception {
        TestClient first = ask("first");
        awaitBusy();
        TestClient second = ask("second");
        awaitWaiting(1);
        Thread drain =
                Thread.startVirtualThread(() -> gateway.plane().drain(Duration.ofSeconds(20)));

        answers.release(2);

        assertThat(first.read().status()).isEqualTo(200);
        assertThat(second.read().status()).isEqualTo(200);
        drain.join();
    }

    @Test
    void changedRulesKeepThoseWhoWait() throws Exception {
        ask("first");
        awaitBusy();
        TestClient second = ask("second");
        awaitWaiting(1);

        registry.apply(
                Map.of(POOL, new PoolSpec(List.of(server.endpoint()), PickerSettings.DEFAULT)));

        answers.release(2);
        assertThat(second.read().status()).isEqualTo(200);
    }
}
