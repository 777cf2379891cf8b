package io.weir.proxy;

import static io.weir.proxy.testing.Config.config;
import static io.weir.proxy.testing.Config.pool;
import static io.weir.proxy.testing.Config.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.proxy.testing.Gateway;
import io.weir.proxy.testing.TestClient;
import io.weir.proxy.testing.TestServer;
import io.weir.proxy.testing.Wire;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** What HTTP/1 connections do beyond one request after the other. */
class ConnectionTest {

    @Test
    void pipelinedRequestsAreAnsweredInOrder() throws Exception {
        TestServer.Responder slowFirst =
                (request, connection) -> {
                    Thread.sleep(request.target().equals("/0") ? 100 : 0);
                    connection.respond(200, "text/plain", request.target() + request.text());
                };
        try (TestServer server = TestServer.answering(slowFirst);
                Gateway gateway = Gateway.start(config().rule("/", service(server)));
                TestClient client = gateway.connect()) {
            StringBuilder all = new StringBuilder();
            for (int i = 0; i < 200; i++) {
                all.append(
                        "POST /%d HTTP/1.1\r\nhost: a\r\ncontent-length: 3\r\n\r\nabc"
                                .formatted(i));
            }
            client.send(all.toString());
            for (int i = 0; i < 200; i++) {
                assertThat(client.read().text()).isEqualTo("/" + i + "abc");
            }
        }
    }

    @Test
    void thousandsOfPipelinedRequestsThatTheGatewayAnswersItselfAreNoProblem() throws Exception {
        try (Gateway gateway = Gateway.start(config().hostname("other.com"));
                TestClient client = gateway.connect()) {
            Thread sender =
                    Thread.startVirtualThread(() -> {
                        try {
                            client.send("GET / HTTP/1.1\r\nhost: a\r\n\r\n".repeat(5000));
                        } catch (IOException e) {
                            throw new AssertionError(e);
                        }
                    });
            for (int i = 0; i < 5000; i++) {
                assertThat(client.read().status()).isEqualTo(404);
            }
            sender.join();
        }
    }

    @Test
    void aClientThatAsksToCloseIsClosedAfterTheAnswer() throws Exception {
        try (TestServer server = TestServer.named("ok");
                Gateway gateway = Gateway.start(config().rule("/", service(server)));
                TestClient client = gateway.connect()) {
            client.send("GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n");
            assertThat(client.read().header("connection")).isEqualTo("close");
            assertThat(client.awaitClose()).isTrue();
        }
    }

    @Test
    void http10IsSpoken() throws Exception {
        TestServer.Responder chunked =
                (_, connection) -> {
                    connection.beginChunked("text/plain");
                    connection.chunk("one ");
                    connection.chunk("two");
                    connection.endChunked();
                };
        try (TestServer server = TestServer.answering(chunked);
                Gateway gateway = Gateway.start(config().rule("/", service(server)))) {
            try (TestClient client = gateway.connect()) {
                client.send("GET / HTTP/1.0\r\n\r\n");
                Wire.Message answer = client.read();
                assertThat(answer.header("transfer-encoding")).isEmpty();
                assertThat(answer.text()).isEqualTo("one two");
            }
        }
        try (TestServer server = TestServer.named("ok");
                Gateway gateway = Gateway.start(config().rule("/", service(server)));
                TestClient client = gateway.connect()) {
            for (int i = 0; i < 3; i++) {
                client.send("GET / HTTP/1.0\r\nconnection: keep-alive\r\n\r\n");
                assertThat(client.read().header("connection")).isEqualTo("keep-alive");
            }
        }
    }

    @Test
    void anHttp10AnswerWithoutEndIsResetWhenItIsCut() throws Exception {
        TestServer.Script cut =
                connection -> {
                    Wire.readRequest(connection.in());
                    connection.beginChunked("text/plain");
                    connection.chunk("one ");
                    Thread.sleep(50);
                };
        try (TestServer server = TestServer.scripted(cut);
                Gateway gateway = Gateway.start(config().rule("/", service(server)));
                TestClient client = gateway.connect()) {
            client.send("GET / HTTP/1.0\r\n\r\n");
            assertThatThrownBy(client::read).hasMessageContaining("reset");
        }
    }

    @Test
    void answersWithoutABodyStayWithoutOne() throws Exception {
        TestServer.Responder responder =
                (request, connection) ->
                        connection.send(
                                switch (request.target()) {
                                    case "/204" -> "HTTP/1.1 204 No Content\r\n\r\n";
                                    case "/304" -> "HTTP/1.1 304 Not\r\ncontent-length: 9\r\n\r\n";
                                    default -> "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n";
                                });
        try (TestServer server = TestServer.answering(responder);
                Gateway gateway = Gateway.start(config().rule("/", service(server)));
                TestClient client = gateway.connect()) {
            client.get("/204");
            assertThat(client.read().status()).isEqualTo(204);
            client.get("/304");
            assertThat(client.read().header("content-length")).isEqualTo("9");
            client.send("HEAD / HTTP/1.1\r\nhost: a\r\n\r\n");
            assertThat(client.read("HEAD").header("content-length")).isEqualTo("9");
            client.get("/204");
            assertThat(client.read().status()).isEqualTo(204);
            assertThat(server.accepted()).isEqualTo(1);
        }
    }

    @Test
    void anAnswerOfTheGatewayToHeadHasNoBody() throws Exception {
        try (Gateway gateway = Gateway.start(config());
                TestClient client = gateway.connect()) {
            client.send("HEAD / HTTP/1.1\r\nhost: a\r\n\r\n");
            assertThat(client.read("HEAD").status()).isEqualTo(404);
            client.get("/");
            assertThat(client.read().status()).isEqualTo(404);
        }
    }

    @Test
    void aBodyThatIsHeldBackIsAskedFor() throws Exception {
        try (TestServer server = TestServer.named("ok");
                Gateway gateway =
                        Gateway.start(
                                config().rule("/service", service(server)).rule("/", pool("p")));
                TestClient client = gateway.connect()) {
            gateway.pool("p", server);
            for (String path : new String[] {"/service", "/pool"}) {
                client.send(
                        """
                        POST %s HTTP/1.1\r
                        host: a\r
                        expect: 100-continue\r
                        content-length: 2\r
                        \r
                        """
                                .formatted(path));
                assertThat(Wire.readHead(client.in()).start()).contains("100");
                client.send("{}");
                assertThat(client.read().status()).isEqualTo(200);
            }
            assertThat(server.requests())
                    .allMatch(seen -> seen.header("expect").isEmpty() && seen.text().equals("{}"));
        }
    }

    @Test
    void aBodyThatWillBeRefusedIsNotAskedFor() throws Exception {
        try (Gateway gateway = Gateway.start(config().rule("/", pool("p")).bodyLimit(10));
                TestClient client = gateway.connect()) {
            client.send(
                    """
                    POST / HTTP/1.1\r
                    host: a\r
                    expect: 100-continue\r
                    content-length: 20\r
                    \r
                    """);
            assertThat(Wire.readHead(client.in()).start()).contains("413");
        }
    }

    @Test
    void trailersGoThroughInBothDirections() throws Exception {
        TestServer.Responder responder =
                (_, connection) -> {
                    connection.beginChunked("text/plain");
                    connection.chunk("body");
                    connection.send("0\r\nx-sum: 42\r\n\r\n");
                };
        String request =
                """
                POST PATH HTTP/1.1\r
                host: a\r
                transfer-encoding: chunked\r
                \r
                2\r
                {}\r
                0\r
                x-mine: 1\r
                x-gateway-model-name: forged\r
                \r
                """;
        try (TestServer server = TestServer.answering(responder);
                Gateway gateway =
                        Gateway.start(
                                config().rule("/service", service(server)).rule("/", pool("p")));
                TestClient client = gateway.connect()) {
            gateway.pool("p", server);
            for (String path : new String[] {"/service", "/pool"}) {
                client.send(request.replace("PATH", path));
                assertThat(client.read().trailers())
                        .containsExactly(new Wire.Header("x-sum", "42"));
            }
            assertThat(server.requests())
                    .hasSize(2)
                    .allMatch(seen -> seen.text().equals("{}"))
                    .allMatch(seen ->
                            seen.trailers().equals(List.of(new Wire.Header("x-mine", "1"))));
        }
    }

    @Test
    void interimAnswersOfServersAreNotTheAnswer() throws Exception {
        TestServer.Responder responder =
                (_, connection) -> {
                    connection.send("HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n");
                    connection.send("HTTP/1.1 100 Continue\r\n\r\n");
                    connection.respond(200, "text/plain", "real");
                };
        try (TestServer server = TestServer.answering(responder);
                Gateway gateway = Gateway.start(config().rule("/", service(server)));
                TestClient client = gateway.connect()) {
            client.get("/");
            assertThat(Wire.readHead(client.in()).start()).contains("200");
        }
    }

    @Test
    void anAnswerMayComeBeforeTheRequestIsComplete() throws Exception {
        CountDownLatch answered = new CountDownLatch(1);
        TestServer.Script early =
                connection -> {
                    Wire.readHead(connection.in());
                    connection.respond(400, "text/plain", "enough");
                    answered.await();
                };
        try (TestServer server = TestServer.scripted(early);
                Gateway gateway = Gateway.start(config().rule("/", service(server)));
                TestClient client = gateway.connect()) {
            client.send(
                    """
                    POST / HTTP/1.1\r
                    host: a\r
                    content-length: 1000000\r
                    \r
                    some\
                    """);
            Wire.Message answer = client.read();
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.text()).isEqualTo("enough");
            assertThat(answer.header("connection")).isEqualTo("close");
            answered.countDown();
        }
    }

    @Test
    void aRequestCanBeSentWhileItsAnswerArrives() throws Exception {
        TestServer.Script echo =
                connection -> {
                    Wire.readHead(connection.in());
                    connection.beginChunked("text/plain");
                    for (int i = 0; i < 5; i++) {
                        Wire.readLine(connection.in());
                        connection.chunk(Wire.readLine(connection.in()));
                    }
                    connection.endChunked();
                    connection.awaitClose();
                };
        try (TestServer server = TestServer.scripted(echo);
                Gateway gateway = Gateway.start(config().rule("/", service(server)));
                TestClient client = gateway.connect()) {
            client.send("POST / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n");
            for (int i = 0; i < 5; i++) {
                client.send("1\r\n" + i + "\r\n");
                if (i == 0) {
                    assertThat(Wire.readHead(client.in()).start()).contains("200");
                }
                assertThat(Wire.readLine(client.in())).isEqualTo("1");
                assertThat(Wire.readLine(client.in())).isEqualTo("" + i);
            }
        }
    }
}
