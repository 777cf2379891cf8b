package io.weir.proxy;

import static io.weir.proxy.testing.Config.config;
import static io.weir.proxy.testing.Config.pool;
import static io.weir.proxy.testing.Config.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.weir.proxy.testing.FakePicker;
import io.weir.proxy.testing.Gateway;
import io.weir.proxy.testing.Memory;
import io.weir.proxy.testing.TestClient;
import io.weir.proxy.testing.TestServer;
import io.weir.proxy.testing.Wire;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** What requests cost in memory: heap after a collection and direct memory, taken together. */
class MemoryTest {

    private static final int KILO = 1024;
    private static final int MEGA = 1 << 20;

    private static final String STREAM_REQUEST =
            """
            POST /v1/completions HTTP/1.1\r
            host: a\r
            connection: close\r
            content-type: application/json\r
            content-length: 27\r
            \r
            {"model":"m","stream":true}\
            """;

    private static byte[] head(int bodyBytes) {
        return """
        POST /v1/completions HTTP/1.1\r
        host: a\r
        content-type: application/json\r
        content-length: %d\r
        \r
        """
                .formatted(bodyBytes)
                .getBytes(US_ASCII);
    }

    private static byte[] body(int bytes) {
        String start = "{\"model\":\"m\",\"prompt\":\"";
        String text = start + "x".repeat(bytes - start.length() - 2) + "\"}";
        return text.getBytes(US_ASCII);
    }

    private static List<TestClient> connect(Gateway gateway, int count) throws IOException {
        List<TestClient> clients = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            clients.add(gateway.connect());
        }
        return clients;
    }

    @Test
    void uploadsCostAtMostTwiceTheBytesInFlight() throws Exception {
        int uploads = 200;
        int bytes = 220 * KILO;
        byte[] body = body(bytes);
        try (TestServer server = TestServer.named("ok");
                Gateway gateway = Gateway.start(config().rule("/", pool("p")))) {
            gateway.pool("p", server);
            List<TestClient> clients = connect(gateway, uploads);
            Memory before = Memory.now();
            for (TestClient client : clients) {
                client.send(head(bytes));
                client.socket().getOutputStream().write(body, 0, bytes - 1);
            }
            long inFlight = (long) uploads * (bytes - 1);
            await().untilAsserted(() ->
                    assertThat(gateway.plane().stats().heldBodyBytes()).isEqualTo(inFlight));
            Memory growth = Memory.now().minus(before);
            assertThat(growth.bytes()).as("%s", growth).isLessThanOrEqualTo(2 * inFlight);

            finish(clients);
            await().untilAsserted(
                            () -> assertThat(gateway.plane().stats().heldBodyBytes()).isZero());
        }
    }

    @Test
    void openStreamsCostAtMost64KibibytesEach() throws Exception {
        int streams = 1000;
        CountDownLatch go = new CountDownLatch(1);
        TestServer.Responder responder =
                (_, connection) -> {
                    connection.beginChunked("text/event-stream");
                    for (int i = 0; i < 5; i++) {
                        connection.chunk(
                                "data: {\"choices\":[{\"delta\":{\"content\":\"x\"}}]}\n\n");
                    }
                    go.await();
                    connection.chunk("data: [DONE]\n\n");
                    connection.endChunked();
                };
        try (TestServer server = TestServer.answering(responder);
                Gateway gateway = Gateway.start(config().rule("/", pool("p")))) {
            FakePicker picker = gateway.pool("p", server);
            Memory before = Memory.now();
            List<TestClient> clients = connect(gateway, streams);
            for (TestClient client : clients) {
                client.send(STREAM_REQUEST);
                Wire.readHead(client.in());
                Wire.readLine(client.in());
            }
            await().untilAsserted(() ->
                    assertThat(gateway.plane().stats().openStreams()).isEqualTo(streams));
            Memory growth = Memory.now().minus(before);
            // The clients and the server of the test are in there too.
            assertThat(growth.bytes())
                    .as("%s", growth)
                    .isLessThanOrEqualTo((long) streams * 64 * KILO);

            go.countDown();
            for (TestClient client : clients) {
                assertThat(client.in().readAllBytes().length).isLessThan(MEGA);
                client.close();
            }
            assertThat(picker.reserved()).isZero();
        }
    }

    @Test
    void bodiesThatWouldExhaustTheMemoryTogetherAreRefusedUntilThereIsRoom() throws Exception {
        int bytes = 600 * KILO;
        byte[] body = body(bytes);
        try (TestServer server = TestServer.named("ok");
                Gateway gateway =
                        Gateway.start(
                                ProxySettings.DEFAULT.withHeldBodyBytes(4 * MEGA),
                                config().rule("/", pool("p")).bodyLimit(MEGA))) {
            gateway.pool("p", server);
            List<TestClient> clients = connect(gateway, 6);
            for (TestClient client : clients) {
                client.send(head(bytes));
                client.socket().getOutputStream().write(body, 0, bytes - 1);
            }
            await().untilAsserted(() ->
                    assertThat(gateway.plane().stats().heldBodyBytes())
                            .isEqualTo(6L * (bytes - 1)));
            try (TestClient late = gateway.connect()) {
                late.send(head(bytes));
                Wire.Message refusal = late.read();
                assertThat(refusal.status()).isEqualTo(503);
                assertThat(refusal.header("retry-after")).isEqualTo("1");
                assertThat(refusal.text()).contains("\"error\"");
            }
            try (TestClient unannounced = gateway.connect()) {
                unannounced.send(
                        "POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n");
                unannounced.send(Integer.toHexString(bytes) + "\r\n");
                unannounced.send(body);
                assertThat(unannounced.read().status()).isEqualTo(503);
            }
            try (TestClient small = gateway.connect()) {
                small.post("/v1/completions", "{\"model\":\"m\"}");
                assertThat(small.read().status()).isEqualTo(200);
            }
            finish(clients);
            try (TestClient later = gateway.connect()) {
                later.send(head(bytes));
                later.send(body);
                assertThat(later.read().status()).isEqualTo(200);
            }
            await().untilAsserted(
                            () -> assertThat(gateway.plane().stats().heldBodyBytes()).isZero());
        }
    }

    private static void finish(List<TestClient> clients) throws IOException {
        for (TestClient client : clients) {
            client.send(new byte[] {'}'});
            assertThat(client.read().status()).isEqualTo(200);
            client.close();
        }
    }

    @Test
    void aBodyThatNeverHasRoomIsTooLarge() throws Exception {
        try (Gateway gateway =
                Gateway.start(
                        ProxySettings.DEFAULT.withHeldBodyBytes(MEGA),
                        config().rule("/", pool("p")).bodyLimit(100L * MEGA))) {
            gateway.pool("p");
            try (TestClient client = gateway.connect()) {
                client.send(head(MEGA + 1));
                Wire.Message answer = client.read();
                assertThat(answer.status()).isEqualTo(413);
                assertThat(answer.text()).contains("" + MEGA);
            }
        }
    }

    @Test
    void bodiesAreGivenBackHoweverTheirRequestsEnd() throws Exception {
        TestServer.Script failing =
                connection -> {
                    Wire.readRequest(connection.in());
                    connection.reset();
                };
        int bytes = 300 * KILO;
        byte[] body = body(bytes);
        try (TestServer server = TestServer.scripted(failing);
                Gateway gateway =
                        Gateway.start(
                                ProxySettings.DEFAULT.withHeldBodyBytes(2 * MEGA),
                                config().rule("/pool", pool("p"))
                                        .rule("/", service(server))
                                        .bodyLimit(MEGA))) {
            gateway.pool("p", server);
            for (int i = 0; i < 20; i++) {
                String path = i % 2 == 0 ? "/pool" : "/service";
                byte[] head =
                        new String(head(bytes), US_ASCII)
                                .replace("/v1/completions", path)
                                .getBytes(US_ASCII);
                try (TestClient client = gateway.connect()) {
                    client.send(head);
                    client.send(body);
                    assertThat(client.read().status()).isEqualTo(502);
                }
                try (TestClient leaving = gateway.connect()) {
                    leaving.send(head);
                    leaving.socket().getOutputStream().write(body, 0, bytes / 2);
                    leaving.reset();
                }
                try (TestClient malformed = gateway.connect()) {
                    malformed.send(
                            "POST "
                                    + path
                                    + " HTTP/1.1\r\nhost: a\r\n"
                                    + "transfer-encoding: chunked\r\n\r\n3\r\n{}\r\n\r\nzz\r\n");
                    assertThat(malformed.read().status()).isEqualTo(400);
                }
            }
            await().untilAsserted(() ->
                    assertThat(gateway.plane().stats())
                            .returns(0, ProxyStats::openExchanges)
                            .returns(0L, ProxyStats::heldBodyBytes));
        }
    }
}
