package io.weir.proxy;

import static io.weir.proxy.testing.Config.config;
import static io.weir.proxy.testing.Config.pool;
import static io.weir.proxy.testing.Config.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weir.picker.Reservation.End;
import io.weir.proxy.server.ClientLimits;
import io.weir.proxy.testing.FakePicker;
import io.weir.proxy.testing.Gateway;
import io.weir.proxy.testing.TestClient;
import io.weir.proxy.testing.TestServer;
import io.weir.proxy.testing.Wire;
import io.weir.proxy.upstream.UpstreamLimits;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;

/** Clients that send too much, too slowly or never take what they asked for. */
class HostileClientTest {

    private static final int MEGA = 1 << 20;

    private static final ClientLimits LIMITS =
            ClientLimits.DEFAULT
                    .withSizes(2048, 4096)
                    .withTimeouts(
                            Duration.ofMillis(300), Duration.ofMillis(300), Duration.ofMillis(600));

    private TestServer server;
    private Gateway gateway;

    @BeforeEach
    void start() throws IOException {
        server = TestServer.named("ok");
        gateway =
                Gateway.start(
                        ProxySettings.DEFAULT.withClient(LIMITS),
                        config().rule("/service", service(server))
                                .rule("/pool", pool("p"))
                                .bodyLimit(MEGA));
        gateway.pool("p", server);
    }

    @AfterEach
    void stop() throws IOException {
        gateway.close();
        server.close();
    }

    /** Sends until it is done or the other side has had enough; returns the bytes sent. */
    private static long sendUpTo(TestClient client, String piece, int times) {
        long sent = 0;
        try {
            for (int i = 0; i < times; i++) {
                client.send(piece);
                sent += piece.length();
            }
        } catch (IOException e) {
            // The other side has closed.
        }
        return sent;
    }

    @Test
    void aHeadThatComesByteByByteForeverIsAnsweredWithATimeout() throws Exception {
        try (TestClient client = gateway.connect()) {
            client.send("GET /service HTTP/1.1\r\nhost: a\r\n");
            Thread.startVirtualThread(() -> {
                while (sendUpTo(client, "x: y\r\n", 1) > 0) {
                    pause(20);
                }
            });
            assertThat(client.read().status()).isEqualTo(408);
        }
        assertThat(server.requests()).isEmpty();
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void anIdleConnectionHearsNothingAfterAnAnswerOfTheGatewayEither() throws Exception {
        try (TestClient client = gateway.connect()) {
            client.get("/nowhere");
            assertThat(client.read().status()).isEqualTo(404);
            assertThat(client.in().read()).isNegative();
        }
    }

    @Test
    void aStreamedBodyThatStopsIsAnsweredWithATimeoutAndLeavesTheServer() throws Exception {
        try (TestClient client = gateway.connect()) {
            client.send("POST /service HTTP/1.1\r\nhost: a\r\ncontent-length: 100\r\n\r\nabc");
            assertThat(client.read().status()).isEqualTo(408);
            assertThat(client.awaitClose()).isTrue();
        }
        await().untilAsserted(() -> assertThat(server.open()).isZero());
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void anAnswerToHeadersWithoutEndReachesAClientThatKeepsSending() throws Exception {
        try (TestClient client = gateway.connect()) {
            client.send("GET /service HTTP/1.1\r\nhost: a\r\n");
            long sent = sendUpTo(client, "x: " + "y".repeat(997), 4000);
            assertThat(sent).isEqualTo(4_000_000);
            Wire.Message answer = client.read();
            assertThat(answer.status()).isEqualTo(431);
            assertThat(answer.header("connection")).isEqualTo("close");
        }
    }

    @Test
    void anAnswerToARequestLineWithoutEndReachesAClientThatKeepsSending() throws Exception {
        try (TestClient client = gateway.connect()) {
            client.send("GET /");
            assertThat(sendUpTo(client, "x".repeat(1000), 4000)).isEqualTo(4_000_000);
            assertThat(client.read().status()).isEqualTo(414);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"3;", "0;", "3;a=\"", "0000000000000000000000000000000"})
    void chunkExtensionsOfMegabytesAreCutOff(String start) throws Exception {
        try (TestClient client = gateway.connect()) {
            client.send("POST /pool HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n");
            client.send(start);
            sendUpTo(client, "0".repeat(1000), 4000);
            assertThat(client.read().status()).isEqualTo(400);
        }
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void manySmallChunkExtensionsCostNoMemory() throws Exception {
        String chunk = "1;" + "x".repeat(1000) + "\r\n \r\n";
        try (TestClient client = gateway.connect()) {
            client.send("POST /pool HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n");
            assertThat(sendUpTo(client, chunk, 2000)).isEqualTo(2000L * chunk.length());
            client.send("2\r\n{}\r\n0\r\n\r\n");
            assertThat(client.read().status()).isEqualTo(200);
        }
        assertThat(server.requests().getFirst().body()).hasSize(2002);
    }

    @Test
    void trailersOfMegabytesAreCutOff() throws Exception {
        try (TestClient client = gateway.connect()) {
            client.send("POST /pool HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n");
            client.send("2\r\n{}\r\n0\r\n");
            sendUpTo(client, "x: " + "y".repeat(995) + "\r\n", 4000);
            assertThat(client.read().status()).isIn(400, 431);
        }
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void aBodyOverTheLimitWithItsLengthIsRefusedWhileTheClientStillSends() throws Exception {
        try (TestClient client = gateway.connect()) {
            client.send("POST /pool HTTP/1.1\r\nhost: a\r\ncontent-length: 100000000\r\n\r\n");
            long sent = sendUpTo(client, "x".repeat(MEGA), 8);
            assertThat(client.read().status()).isEqualTo(413);
            assertThat(sent).isEqualTo(8L * MEGA);
        }
    }

    @Test
    void aClientThatSendsForeverIsCutOffAfterItsAnswer() throws Exception {
        try (TestClient client = gateway.connect()) {
            client.send("POST /pool HTTP/1.1\r\nhost: a\r\ncontent-length: 100000000000\r\n\r\n");
            long before = System.nanoTime();
            while (sendUpTo(client, "x".repeat(1000), 1) > 0) {
                pause(5);
            }
            assertThat(Duration.ofNanos(System.nanoTime() - before))
                    .isLessThan(LIMITS.lingerTimeout().plusSeconds(3));
        }
    }

    @Test
    void pipelinedRequestsWhoseAnswersNobodyReadsAreNotServedForever() throws Exception {
        AtomicLong sent = new AtomicLong();
        try (TestClient client = gateway.connect()) {
            Thread sender =
                    Thread.startVirtualThread(() -> {
                        String batch = "GET /nowhere HTTP/1.1\r\nhost: a\r\n\r\n".repeat(100);
                        while (sendUpTo(client, batch, 1) > 0) {
                            sent.addAndGet(batch.length());
                        }
                    });
            await().untilAsserted(
                            () -> assertThat(gateway.plane().stats().openConnections()).isZero());
            sender.join();
            // What fits into the buffers of the sockets was served, and little more.
            assertThat(gateway.records()).isLessThan(100_000);
        }
    }

    @Test
    void pipelinedRequestsGoOnWhenTheirAnswersAreRead() throws Exception {
        int requests = 50_000;
        try (TestClient client = gateway.connect()) {
            Thread sender =
                    Thread.startVirtualThread(() ->
                            sendUpTo(
                                    client,
                                    "GET /nowhere HTTP/1.1\r\nhost: a\r\n\r\n".repeat(100),
                                    requests / 100));
            pause(200);
            for (int i = 0; i < requests; i++) {
                assertThat(Wire.readResponse(client.in(), "GET").status()).isEqualTo(404);
            }
            sender.join();
        }
    }

    @Test
    void aMalformedRequestBehindManyEndsTheConnectionAfterTheirAnswers() throws Exception {
        try (TestClient client = gateway.connect()) {
            client.send(
                    "GET /service HTTP/1.1\r\nhost: a\r\n\r\n".repeat(20)
                            + "nonsense\r\n\r\n"
                            + "GET /service HTTP/1.1\r\nhost: a\r\n\r\n");
            for (int i = 0; i < 20; i++) {
                assertThat(client.read().status()).isEqualTo(200);
            }
            assertThat(client.read().status()).isEqualTo(400);
            assertThat(client.awaitClose()).isTrue();
        }
        assertThat(server.requests()).hasSize(20);
    }

    @Test
    void aClientThatVanishesMidUploadEndsTheUpstreamConnectionAtOnce() throws Exception {
        CountDownLatch seen = new CountDownLatch(1);
        TestServer.Script reading =
                connection -> {
                    Wire.readHead(connection.in());
                    seen.countDown();
                    connection.awaitClose();
                };
        try (TestServer upload = TestServer.scripted(reading);
                Gateway patient = Gateway.start(config().rule("/", service(upload)))) {
            try (TestClient client = patient.connect()) {
                client.send("POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 1000\r\n\r\nabc");
                seen.await();
            }
            await().untilAsserted(() -> assertThat(upload.open()).isZero());
            assertThat(patient.record().status).isEqualTo(499);
            assertThat(patient.plane().stats()).isEqualTo(new ProxyStats(0, 0, 0, 0, 0, 0));
        }
    }

    @Test
    void aClientThatIsResetWhileItIsHeldBackEndsTheUpstreamConnectionToo() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        TestServer.Script stuck =
                connection -> {
                    Wire.readHead(connection.in());
                    over.await();
                };
        try (TestServer upload = TestServer.scripted(stuck);
                Gateway patient = Gateway.start(config().rule("/", service(upload)))) {
            try (TestClient client = patient.connect()) {
                client.send("POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 900000000\r\n\r\n");
                Thread sender =
                        Thread.startVirtualThread(() -> sendUpTo(client, "x".repeat(MEGA), 100));
                Thread.sleep(300);
                client.reset();
                sender.join();
            }
            await().untilAsserted(() ->
                    assertThat(patient.plane().stats())
                            .isEqualTo(new ProxyStats(0, 0, 0, 0, 0, 0)));
            over.countDown();
        }
    }

    @Test
    void aClientThatStopsReadingForLongIsGivenUpAndSoIsItsServer() throws Exception {
        TestServer.Script endless =
                connection -> {
                    Wire.readRequest(connection.in());
                    connection.send("HTTP/1.1 200 OK\r\ncontent-length: 4000000000\r\n\r\n");
                    while (true) {
                        connection.send(new byte[MEGA]);
                    }
                };
        var upstream =
                new UpstreamLimits(
                        Duration.ofSeconds(3),
                        Duration.ofSeconds(60),
                        100,
                        100,
                        Duration.ofMillis(500),
                        8192);
        try (TestServer source = TestServer.scripted(endless);
                Gateway strict =
                        Gateway.start(
                                ProxySettings.DEFAULT.withClient(LIMITS).withUpstream(upstream),
                                config().rule("/", pool("p")));
                TestClient client = strict.connect()) {
            FakePicker picker = strict.pool("p", source);
            client.get("/");
            Wire.readHead(client.in());

            await().untilAsserted(() -> assertThat(source.open()).isZero());
            await().untilAsserted(() -> assertThat(picker.ends()).containsExactly(End.FAILED));
            assertThat(strict.record().error).contains("client");
            await().untilAsserted(
                            () -> assertThat(strict.plane().stats().openConnections()).isZero());
        }
    }

    @Test
    void aClientThatReadsSlowlyButSteadilyIsNotGivenUp() throws Exception {
        TestServer.Script large =
                connection -> {
                    Wire.readRequest(connection.in());
                    connection.send("HTTP/1.1 200 OK\r\ncontent-length: " + 32 * MEGA + "\r\n\r\n");
                    connection.send(new byte[32 * MEGA]);
                };
        try (TestServer source = TestServer.scripted(large);
                Gateway relaxed = Gateway.start(config().rule("/", service(source)));
                TestClient client = relaxed.connect()) {
            client.get("/");
            Wire.readHead(client.in());
            int blockBytes = MEGA / 4;
            for (int i = 0; i < 32 * MEGA / blockBytes; i++) {
                Wire.readExactly(client.in(), blockBytes);
                pause(10);
            }
            client.get("/");
            assertThat(Wire.readHead(client.in()).start()).contains("200");
        }
    }
}
