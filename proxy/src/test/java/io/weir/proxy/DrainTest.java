package io.weir.proxy;

import static io.weir.proxy.testing.Config.config;
import static io.weir.proxy.testing.Config.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weir.proxy.testing.Gateway;
import io.weir.proxy.testing.TestClient;
import io.weir.proxy.testing.TestServer;
import io.weir.proxy.testing.Wire;

import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/** Data planes that stop while clients still want something. */
class DrainTest {

    private static FutureTask<Boolean> drain(Gateway gateway) {
        var drained = new FutureTask<>(() -> gateway.plane().drain(Duration.ofSeconds(10)));
        Thread.startVirtualThread(drained);
        return drained;
    }

    @Test
    void drainingLetsStreamsFinishAndTellsClientsToGo() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        TestServer.Responder responder =
                (_, connection) -> {
                    go.await();
                    connection.respond(200, "text/plain", "late");
                };
        try (TestServer server = TestServer.answering(responder);
                Gateway gateway = Gateway.start(config().rule("/", service(server)));
                TestClient client = gateway.connect();
                TestClient idle = gateway.connect()) {
            client.post("/", "{}");
            await().untilAsserted(
                            () -> assertThat(gateway.plane().stats().openExchanges()).isEqualTo(1));
            FutureTask<Boolean> drained = drain(gateway);

            assertThat(idle.awaitClose()).isTrue();
            assertThat(drained.isDone()).isFalse();
            go.countDown();
            Wire.Message answer = client.read();
            assertThat(answer.text()).isEqualTo("late");
            assertThat(answer.header("connection")).isEqualTo("close");
            assertThat(drained.get()).isTrue();
        }
    }

    @Test
    void drainingEndsInTimeAndSaysSo() throws Exception {
        TestServer.Script silent = TestServer.Connection::awaitClose;
        try (TestServer server = TestServer.scripted(silent);
                Gateway gateway = Gateway.start(config().rule("/", service(server)));
                TestClient client = gateway.connect()) {
            client.post("/", "{}");
            await().untilAsserted(
                            () -> assertThat(gateway.plane().stats().openExchanges()).isEqualTo(1));
            assertThat(gateway.plane().drain(Duration.ofMillis(100))).isFalse();
            assertThat(client.awaitClose()).isTrue();
            assertThat(gateway.record().error).isNotNull();
        }
    }

    @Test
    void aRequestThatArrivesDuringTheDrainIsAnsweredAndTheConnectionClosed() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        TestServer.Responder responder =
                (request, connection) -> {
                    if (request.target().equals("/stream")) {
                        go.await();
                    }
                    connection.respond(200, "text/plain", "ok");
                };
        try (TestServer server = TestServer.answering(responder);
                Gateway gateway = Gateway.start(config().rule("/", service(server)));
                TestClient streaming = gateway.connect();
                TestClient kept = gateway.connect();
                TestClient begun = gateway.connect()) {
            kept.get("/");
            assertThat(kept.read().header("connection")).isEmpty();
            begun.send("GET / HTTP/1.1\r\nho");
            streaming.get("/stream");
            await().untilAsserted(
                            () -> assertThat(gateway.plane().stats().openExchanges()).isEqualTo(1));
            FutureTask<Boolean> drained = drain(gateway);
            await().untilAsserted(() -> assertThat(gateway.plane().serving()).isEmpty());

            kept.get("/");
            Wire.Message answer = kept.read();
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.header("connection")).isEqualTo("close");
            assertThat(kept.awaitClose()).isTrue();

            Thread.sleep(400);
            begun.send("st: a\r\n\r\n");
            assertThat(begun.read().header("connection")).isEqualTo("close");

            go.countDown();
            assertThat(streaming.read().text()).isEqualTo("ok");
            assertThat(drained.get()).isTrue();
        }
    }

    @Test
    void pipelinedRequestsAreAllAnsweredDuringTheDrain() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        TestServer.Responder responder =
                (request, connection) -> {
                    go.await();
                    connection.respond(200, "text/plain", request.target());
                };
        try (TestServer server = TestServer.answering(responder);
                Gateway gateway = Gateway.start(config().rule("/", service(server)));
                TestClient client = gateway.connect()) {
            StringBuilder all = new StringBuilder();
            for (int i = 0; i < 5; i++) {
                all.append("GET /%d HTTP/1.1\r\nhost: a\r\n\r\n".formatted(i));
            }
            client.send(all.toString());
            await().untilAsserted(
                            () -> assertThat(gateway.plane().stats().openExchanges()).isEqualTo(1));
            FutureTask<Boolean> drained = drain(gateway);
            await().untilAsserted(() -> assertThat(gateway.plane().serving()).isEmpty());
            go.countDown();
            for (int i = 0; i < 5; i++) {
                Wire.Message answer = client.read();
                assertThat(answer.text()).isEqualTo("/" + i);
                assertThat(answer.header("connection")).isEqualTo(i < 4 ? "" : "close");
            }
            assertThat(client.awaitClose()).isTrue();
            assertThat(drained.get()).isTrue();
        }
    }

    @RepeatedTest(5)
    void noRequestIsDroppedAtTheMomentOfTheDrain() throws Exception {
        AtomicInteger answered = new AtomicInteger();
        ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
        try (TestServer server = TestServer.named("ok");
                Gateway gateway = Gateway.start(config().rule("/", service(server)))) {
            List<Thread> clients = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                clients.add(
                        Thread.startVirtualThread(() -> askUntilTold(gateway, answered, failures)));
            }
            await().untilAsserted(() ->
                    assertThat(gateway.plane().stats().openConnections()).isEqualTo(100));
            await().untilAsserted(() -> assertThat(answered.get()).isGreaterThan(500));

            assertThat(gateway.plane().drain(Duration.ofSeconds(10))).isTrue();
            for (Thread client : clients) {
                client.join();
            }
            assertThat(failures).isEmpty();
        }
    }

    @RepeatedTest(3)
    void connectionsThatWaitToBeAcceptedAreServedToo() throws Exception {
        try (TestServer server = TestServer.named("ok");
                Gateway gateway = Gateway.start(config().rule("/", service(server)))) {
            List<TestClient> clients = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                TestClient client = gateway.connect();
                client.get("/");
                clients.add(client);
            }
            assertThat(gateway.plane().drain(Duration.ofSeconds(10))).isTrue();
            for (TestClient client : clients) {
                assertThat(client.read().status()).isEqualTo(200);
                client.close();
            }
        }
    }

    /** Sends one request after the other until an answer says that the connection is closed. */
    private static void askUntilTold(
            Gateway gateway, AtomicInteger answered, ConcurrentLinkedQueue<String> failures) {
        try (TestClient client = gateway.connect()) {
            while (true) {
                client.post("/", "{}");
                Wire.Message answer = client.read();
                answered.incrementAndGet();
                if (answer.status() != 200) {
                    failures.add(answer.start());
                }
                if (answer.header("connection").equals("close")) {
                    return;
                }
                Thread.sleep(ThreadLocalRandom.current().nextInt(20));
            }
        } catch (ConnectException e) {
            // Never accepted.
        } catch (IOException | InterruptedException e) {
            failures.add(e.toString());
        }
    }
}
