package io.weir.proxy;

import static io.weir.proxy.testing.Config.config;
import static io.weir.proxy.testing.Config.pool;
import static io.weir.proxy.testing.Config.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.util.internal.PlatformDependent;
import io.weir.picker.Reservation.End;
import io.weir.proxy.testing.FakePicker;
import io.weir.proxy.testing.Gateway;
import io.weir.proxy.testing.TestClient;
import io.weir.proxy.testing.TestServer;
import io.weir.proxy.testing.Wire;
import io.weir.telemetry.ExchangeRecord;

import org.junit.jupiter.api.Test;

import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;

/** Long answers and long bodies, slow readers and clients that leave. */
class StreamingTest {

    private static final String BODY = "{\"model\":\"m\",\"stream\":true}";
    private static final int MEGA = 1 << 20;

    @Test
    void eachChunkReachesTheClientBeforeTheNextIsSent() throws Exception {
        CountDownLatch[] seen = {new CountDownLatch(1), new CountDownLatch(1)};
        TestServer.Responder responder =
                (_, connection) -> {
                    connection.beginChunked("text/event-stream");
                    connection.chunk("data: 0\n\n");
                    seen[0].await();
                    connection.chunk("data: 1\n\n");
                    seen[1].await();
                    connection.endChunked();
                };
        try (TestServer server = TestServer.answering(responder);
                Gateway gateway = Gateway.start(config().rule("/", service(server)));
                TestClient client = gateway.connect()) {
            client.post("/", BODY);
            Wire.readHead(client.in());
            for (int i = 0; i < 2; i++) {
                assertThat(Wire.readLine(client.in())).isEqualTo("9");
                assertThat(Wire.readExactly(client.in(), 11)).asString().contains("data: " + i);
                seen[i].countDown();
            }
            assertThat(Wire.readLine(client.in())).isEqualTo("0");
        }
    }

    @Test
    void aStreamBeginsWithItsFirstEventAndNotWithItsHead() throws Exception {
        CountDownLatch thought = new CountDownLatch(1);
        TestServer.Responder responder =
                (_, connection) -> {
                    connection.beginChunked("text/event-stream");
                    thought.await();
                    connection.chunk("data: 0\n\n");
                    connection.chunk("data: 1\n\n");
                    connection.endChunked();
                };
        try (TestServer server = TestServer.answering(responder);
                Gateway gateway = Gateway.start(config().rule("/", pool("p")));
                TestClient client = gateway.connect()) {
            FakePicker picker = gateway.pool("p", server);
            client.post("/", BODY);
            Wire.readHead(client.in());
            long headNanos = System.nanoTime();
            assertThat(picker.firstBytes()).isZero();

            thought.countDown();

            assertThat(gateway.record().firstByteNanos).isGreaterThan(headNanos);
            assertThat(picker.firstBytes()).isOne();
        }
    }

    @Test
    void aSlowReaderHoldsTheServerBackAndNotTheMemory() throws Exception {
        AtomicLong sent = new AtomicLong();
        byte[] block = new byte[MEGA];
        TestServer.Script endless =
                connection -> {
                    Wire.readRequest(connection.in());
                    connection.send("HTTP/1.1 200 OK\r\ncontent-length: 4000000000\r\n\r\n");
                    for (int i = 0; i < 200; i++) {
                        connection.send(block);
                        sent.addAndGet(block.length);
                    }
                };
        try (TestServer server = TestServer.scripted(endless);
                Gateway gateway = Gateway.start(config().rule("/", service(server)));
                TestClient client = gateway.connect()) {
            long before = PlatformDependent.usedDirectMemory();
            client.get("/");
            Wire.readHead(client.in());
            await().during(java.time.Duration.ofMillis(300)).until(() -> true);
            long stalledAt = sent.get();
            Thread.sleep(300);

            assertThat(sent.get()).isEqualTo(stalledAt).isLessThan(100L * MEGA);
            assertThat(PlatformDependent.usedDirectMemory() - before).isLessThan(8L * MEGA);

            Wire.readExactly(client.in(), 150 * MEGA);
            await().untilAsserted(() -> assertThat(sent.get()).isGreaterThan(150L * MEGA));
        }
    }

    @Test
    void aSlowServerHoldsTheClientBackAndNotTheMemory() throws Exception {
        CountDownLatch readOn = new CountDownLatch(1);
        TestServer.Script slow =
                connection -> {
                    Wire.readHead(connection.in());
                    readOn.await();
                    skip(connection.in(), 200L * MEGA);
                    connection.respond(200, "text/plain", "got it");
                };
        AtomicLong sent = new AtomicLong();
        try (TestServer server = TestServer.scripted(slow);
                Gateway gateway = Gateway.start(config().rule("/", service(server)));
                TestClient client = gateway.connect()) {
            long before = PlatformDependent.usedDirectMemory();
            client.send(
                    "POST / HTTP/1.1\r\nhost: a\r\ncontent-length: " + 200L * MEGA + "\r\n\r\n");
            Thread sender =
                    Thread.startVirtualThread(() -> {
                        try {
                            for (int i = 0; i < 200; i++) {
                                client.send(new byte[MEGA]);
                                sent.addAndGet(MEGA);
                            }
                        } catch (java.io.IOException e) {
                            throw new AssertionError(e);
                        }
                    });
            Thread.sleep(400);
            long stalledAt = sent.get();
            Thread.sleep(300);

            assertThat(sent.get()).isEqualTo(stalledAt).isLessThan(100L * MEGA);
            assertThat(PlatformDependent.usedDirectMemory() - before).isLessThan(8L * MEGA);

            readOn.countDown();
            sender.join();
            assertThat(client.read().text()).isEqualTo("got it");
        }
    }

    private static void skip(InputStream in, long bytes) throws java.io.IOException {
        in.skipNBytes(bytes);
    }

    @Test
    void aClientThatLeavesMidStreamEndsTheUpstreamConnectionAtOnce() throws Exception {
        TestServer.Script stream =
                connection -> {
                    Wire.readRequest(connection.in());
                    connection.beginChunked("text/event-stream");
                    connection.chunk("data: 1\n\n");
                    connection.awaitClose();
                };
        try (TestServer server = TestServer.scripted(stream);
                Gateway gateway = Gateway.start(config().rule("/", pool("p")))) {
            FakePicker picker = gateway.pool("p", server);
            try (TestClient client = gateway.connect()) {
                client.post("/", BODY);
                Wire.readHead(client.in());
                assertThat(picker.reserved()).isEqualTo(1);
                assertThat(gateway.plane().stats().openStreams()).isEqualTo(1);
            }
            await().untilAsserted(() -> assertThat(server.open()).isZero());
            assertThat(picker.ends()).containsExactly(End.CANCELLED);
            ExchangeRecord record = gateway.record();
            assertThat(record.status).isEqualTo(200);
            assertThat(record.error).contains("client");
            assertThat(gateway.plane().stats()).isEqualTo(new ProxyStats(0, 0, 0, 0, 0, 0));
        }
    }

    @Test
    void aClientThatLeavesBeforeTheAnswerEndsTheUpstreamConnectionToo() throws Exception {
        TestServer.Script silent =
                connection -> {
                    Wire.readRequest(connection.in());
                    connection.awaitClose();
                };
        try (TestServer server = TestServer.scripted(silent);
                Gateway gateway = Gateway.start(config().rule("/", pool("p")))) {
            FakePicker picker = gateway.pool("p", server);
            try (TestClient client = gateway.connect()) {
                client.post("/", BODY);
                await().untilAsserted(() -> assertThat(picker.reserved()).isEqualTo(1));
            }
            await().untilAsserted(() -> assertThat(server.open()).isZero());
            assertThat(gateway.record().status).isEqualTo(499);
            assertThat(picker.ends()).containsExactly(End.CANCELLED);
        }
    }

    @Test
    void aClientThatLeavesInTheMiddleOfItsBodyLeavesNothingBehind() throws Exception {
        try (Gateway gateway = Gateway.start(config().rule("/", pool("p")))) {
            FakePicker picker = gateway.pool("p");
            try (TestClient client = gateway.connect()) {
                client.send("POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 100\r\n\r\n{\"mod");
                await().untilAsserted(() ->
                        assertThat(gateway.plane().stats().openExchanges()).isEqualTo(1));
            }
            assertThat(gateway.record().status).isEqualTo(499);
            assertThat(picker.asked()).isEmpty();
            assertThat(gateway.plane().stats().openExchanges()).isZero();
        }
    }

    @Test
    void largeBodiesGoToPoolsAndComeBackByteForByte() throws Exception {
        TestServer.Responder echo =
                (request, connection) ->
                        connection.respond(200, "application/json", request.text());
        try (TestServer server = TestServer.answering(echo);
                Gateway gateway =
                        Gateway.start(config().rule("/", pool("p")).bodyLimit(32L * MEGA));
                TestClient client = gateway.connect()) {
            gateway.pool("p", server);
            StringBuilder prompt = new StringBuilder();
            for (int i = 0; i < 600_000; i++) {
                prompt.append(i).append(' ');
            }
            String body = "{\"prompt\":\"" + prompt + "\",\"model\":\"m\"}";
            for (int i = 0; i < 3; i++) {
                client.post("/v1/completions", body);
                assertThat(client.read().text()).isEqualTo(body);
            }
        }
    }

    @Test
    void aThousandStreamsAtOnce() throws Exception {
        int streams = 1000;
        CountDownLatch all = new CountDownLatch(streams);
        CountDownLatch go = new CountDownLatch(1);
        TestServer.Responder responder =
                (_, connection) -> {
                    connection.beginChunked("text/event-stream");
                    connection.chunk("data: 1\n\n");
                    all.countDown();
                    go.await();
                    connection.chunk("data: [DONE]\n\n");
                    connection.endChunked();
                };
        List<TestClient> clients = new ArrayList<>();
        try (TestServer server = TestServer.answering(responder);
                Gateway gateway = Gateway.start(config().rule("/", pool("p")))) {
            FakePicker picker = gateway.pool("p", server);
            for (int i = 0; i < streams; i++) {
                TestClient client = gateway.connect();
                client.post("/v1/completions", BODY);
                clients.add(client);
            }
            all.await();
            await().untilAsserted(() ->
                    assertThat(gateway.plane().stats().openStreams()).isEqualTo(streams));
            go.countDown();
            for (TestClient client : clients) {
                assertThat(client.read().text()).isEqualTo("data: 1\n\ndata: [DONE]\n\n");
                client.close();
            }
            assertThat(picker.ends()).hasSize(streams).containsOnly(End.COMPLETED);
            assertThat(picker.reserved()).isZero();
        }
    }
}
