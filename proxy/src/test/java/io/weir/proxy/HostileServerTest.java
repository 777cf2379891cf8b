package io.weir.proxy;

import static io.weir.proxy.testing.Config.config;
import static io.weir.proxy.testing.Config.pool;
import static io.weir.proxy.testing.Config.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.weir.picker.Reservation.End;
import io.weir.proxy.testing.FakePicker;
import io.weir.proxy.testing.Gateway;
import io.weir.proxy.testing.TestClient;
import io.weir.proxy.testing.TestServer;
import io.weir.proxy.testing.Wire;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.EOFException;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;

/** Servers whose answers are not what HTTP allows. */
class HostileServerTest {

    /** A server that answers each request with text as it is, then waits to be left. */
    private static TestServer saying(String text) throws IOException {
        return TestServer.scripted(connection -> {
            Wire.readRequest(connection.in());
            connection.send(text);
            connection.awaitClose();
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\u0000\u0001\u0002\u0003\r\n\r\n",
                "HTTP/1.1 abc OK\r\ncontent-length: 0\r\n\r\n",
                "HTTP/1.1 200 OK\r\ncontent-length: 3\r\ncontent-length: 4\r\n\r\nabcd",
                "HTTP/1.1 200 OK\r\ncontent-length: -3\r\n\r\nabc",
                "HTTP/1.1 200 OK\r\ncontent-length: 3x\r\n\r\nabc",
                "HTTP/1.1 200 OK\r\nx: a\u0000b\r\ncontent-length: 0\r\n\r\n",
                "HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n",
            })
    void anAnswerThatIsNotHttpIsABadGatewayAndItsConnectionIsClosed(String answer)
            throws Exception {
        try (TestServer server = saying(answer);
                Gateway gateway = Gateway.start(config().rule("/", pool("p")));
                TestClient client = gateway.connect()) {
            FakePicker picker = gateway.pool("p", server);
            client.post("/", "{}");

            assertThat(client.read().status()).isEqualTo(502);
            assertThat(picker.ends()).containsExactly(End.FAILED);
            await().untilAsserted(() -> assertThat(server.open()).isZero());
        }
    }

    @Test
    void aHeadWithoutEndIsABadGatewayBeforeItFillsTheMemory() throws Exception {
        AtomicLong sent = new AtomicLong();
        TestServer.Script endless =
                connection -> {
                    Wire.readRequest(connection.in());
                    connection.send("HTTP/1.1 200 OK\r\n");
                    while (true) {
                        connection.send("x: " + "y".repeat(995) + "\r\n");
                        sent.addAndGet(1000);
                    }
                };
        try (TestServer server = TestServer.scripted(endless);
                Gateway gateway = Gateway.start(config().rule("/", pool("p")));
                TestClient client = gateway.connect()) {
            gateway.pool("p", server);
            client.post("/", "{}");

            assertThat(client.read().status()).isEqualTo(502);
            await().untilAsserted(() -> assertThat(server.open()).isZero());
            assertThat(sent.get()).isLessThan(20_000_000);
        }
    }

    @Test
    void aLengthBesideChunksDoesNotReachTheClient() throws Exception {
        String answer =
                """
                HTTP/1.1 200 OK\r
                content-length: 3\r
                transfer-encoding: chunked\r
                \r
                5\r
                abcde\r
                0\r
                \r
                """;
        try (TestServer server = saying(answer);
                Gateway gateway = Gateway.start(config().rule("/", service(server)));
                TestClient client = gateway.connect()) {
            client.post("/", "{}");
            Wire.Message seen = client.read();

            if (seen.status() == 200) {
                assertThat(seen.header("content-length")).isEmpty();
                assertThat(seen.text()).isEqualTo("abcde");
            } else {
                assertThat(seen.status()).isEqualTo(502);
            }
            client.post("/", "{}");
            assertThat(client.read().status()).isEqualTo(seen.status());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"zz\r\nabc", "3\r\nabcX\r\n0\r\n\r\n", "ffffffffffff\r\nabc"})
    void anAnswerWithMalformedChunksIsCutForTheClientToo(String chunks) throws Exception {
        String answer = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n";
        TestServer.Script script =
                connection -> {
                    Wire.readRequest(connection.in());
                    connection.send(answer);
                    Thread.sleep(50);
                    connection.send(chunks);
                    connection.awaitClose();
                };
        try (TestServer server = TestServer.scripted(script);
                Gateway gateway = Gateway.start(config().rule("/", pool("p")));
                TestClient client = gateway.connect()) {
            FakePicker picker = gateway.pool("p", server);
            client.post("/", "{}");

            assertThatThrownBy(client::read).isInstanceOf(EOFException.class);
            assertThat(picker.ends()).containsExactly(End.FAILED);
            await().untilAsserted(() -> assertThat(server.open()).isZero());
        }
    }

    @Test
    void aServerThatIsResetMidStreamCutsTheClientOffWithoutACleanEnd() throws Exception {
        TestServer.Script script =
                connection -> {
                    Wire.readRequest(connection.in());
                    connection.beginChunked("text/event-stream");
                    connection.chunk("data: 1\n\n");
                    Thread.sleep(50);
                    connection.reset();
                };
        try (TestServer server = TestServer.scripted(script);
                Gateway gateway = Gateway.start(config().rule("/", pool("p")));
                TestClient client = gateway.connect()) {
            FakePicker picker = gateway.pool("p", server);
            client.post("/", "{}");
            Wire.readHead(client.in());

            assertThat(client.in().readAllBytes()).asString().isEqualTo("9\r\ndata: 1\n\n\r\n");
            assertThat(picker.ends()).containsExactly(End.FAILED);
        }
    }

    @Test
    void interimAnswersWithoutEndFillNoMemoryAndEndWithTheClient() throws Exception {
        AtomicLong sent = new AtomicLong();
        TestServer.Script endless =
                connection -> {
                    Wire.readRequest(connection.in());
                    while (true) {
                        connection.send("HTTP/1.1 102 Processing\r\nx: y\r\n\r\n".repeat(100));
                        sent.addAndGet(100);
                    }
                };
        try (TestServer server = TestServer.scripted(endless);
                Gateway gateway = Gateway.start(config().rule("/", pool("p")))) {
            gateway.pool("p", server);
            try (TestClient client = gateway.connect()) {
                client.post("/", "{}");
                await().untilAsserted(() -> assertThat(sent.get()).isGreaterThan(10_000));
            }
            await().untilAsserted(() -> assertThat(server.open()).isZero());
            assertThat(gateway.record().status).isEqualTo(499);
        }
    }

    @Test
    void chunkExtensionsOfServersStayBehind() throws Exception {
        String answer =
                """
                HTTP/1.1 200 OK\r
                transfer-encoding: chunked\r
                \r
                3;name="value"\r
                abc\r
                0;last\r
                \r
                """;
        try (TestServer server = saying(answer);
                Gateway gateway = Gateway.start(config().rule("/", service(server)));
                TestClient client = gateway.connect()) {
            client.post("/", "{}");
            assertThat(client.read().text()).isEqualTo("abc");
        }
    }

    @Test
    void twoAnswersToOneRequestAreOne() throws Exception {
        String twice = "HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\none".repeat(2);
        try (TestServer server = saying(twice);
                Gateway gateway = Gateway.start(config().rule("/", service(server)));
                TestClient client = gateway.connect()) {
            for (int i = 1; i <= 3; i++) {
                client.post("/", "{}");
                assertThat(client.read().text()).isEqualTo("one");
                int connections = i;
                await().untilAsserted(() -> assertThat(server.open()).isZero());
                assertThat(server.accepted()).isEqualTo(connections);
            }
        }
    }
}
