package io.weir.proxy;

import static io.weir.proxy.testing.Config.config;
import static io.weir.proxy.testing.Config.pool;
import static io.weir.proxy.testing.Config.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.weir.picker.Endpoint;
import io.weir.picker.Reservation.End;
import io.weir.proxy.testing.ClosedPort;
import io.weir.proxy.testing.Config;
import io.weir.proxy.testing.FakePicker;
import io.weir.proxy.testing.Gateway;
import io.weir.proxy.testing.TestClient;
import io.weir.proxy.testing.TestServer;
import io.weir.proxy.testing.Wire;
import io.weir.proxy.upstream.UpstreamLimits;
import io.weir.routing.RetryPolicy;
import io.weir.telemetry.ExchangeRecord;

import org.junit.jupiter.api.Test;

import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/** Servers that fail, and what clients see of it. */
class FailoverTest {

    private static final String BODY = "{\"model\":\"m\",\"prompt\":\"p\"}";

    private static TestServer resetting() throws IOException {
        return TestServer.scripted(connection -> {
            Wire.readRequest(connection.in());
            connection.reset();
        });
    }

    private static TestServer answering(int status) throws IOException {
        return TestServer.answering(
                (_, connection) -> connection.respond(status, "text/plain", "status " + status));
    }

    @Test
    void aRefusedConnectionGoesToTheNextEndpoint() throws Exception {
        try (ClosedPort closed = ClosedPort.take();
                TestServer second = TestServer.named("second");
                Gateway gateway = Gateway.start(config().rule("/", pool("p")));
                TestClient client = gateway.connect()) {
            FakePicker picker = gateway.pool("p", List.of(closed.endpoint(), second.endpoint()));
            for (int i = 0; i < 50; i++) {
                client.post("/v1/completions", BODY);
                Wire.Message answer = client.read();
                assertThat(answer.status()).isEqualTo(200);
                assertThat(answer.text()).isEqualTo("second");
            }
            assertThat(second.requests().getFirst().text()).isEqualTo(BODY);
            ExchangeRecord record = gateway.record();
            assertThat(record.attempts).isEqualTo(2);
            assertThat(record.endpoint).isEqualTo(second.endpoint());
            assertThat(picker.ends()).hasSize(50).containsOnly(End.COMPLETED);
            assertThat(picker.reserved()).isZero();
        }
    }

    @Test
    void aResetAndABusyServerGoToTheNextEndpoint() throws Exception {
        try (TestServer reset = resetting();
                TestServer busy = answering(503);
                TestServer good = TestServer.named("good");
                Gateway gateway = Gateway.start(config().rule("/", pool("p")));
                TestClient client = gateway.connect()) {
            gateway.pool("p", reset, busy, good);
            client.post("/v1/completions", BODY);

            assertThat(client.read().text()).isEqualTo("good");
            assertThat(busy.requests()).hasSize(1);
            assertThat(gateway.record().attempts).isEqualTo(3);
        }
    }

    @Test
    void thePickersHeadersAreThoseOfTheEndpointThatAnswers() throws Exception {
        try (TestServer busy = answering(503);
                TestServer good = TestServer.named("good");
                Gateway gateway = Gateway.start(config().rule("/", pool("p")));
                TestClient client = gateway.connect()) {
            FakePicker picker = gateway.pool("p", busy, good);
            picker.addresses();
            client.post(
                    "/v1/completions",
                    BODY,
                    "x-session-token: mine",
                    "x-prefiller-host-port: evil:1");
            Wire.Message answer = client.read();

            String authority = good.endpoint().authority();
            assertThat(answer.header("x-session-token")).isEqualTo(authority);
            assertThat(good.requests().getFirst().header("x-prefiller-host-port"))
                    .isEqualTo(authority);
            assertThat(busy.requests().getFirst().header("x-prefiller-host-port"))
                    .isEqualTo(busy.endpoint().authority());
            assertThat(picker.sessions()).containsExactly(answer.header("x-request-id") + " mine");
        }
    }

    @Test
    void servicesFailOverToo() throws Exception {
        try (ClosedPort closed = ClosedPort.take();
                TestServer good = TestServer.named("good");
                Gateway gateway =
                        Gateway.start(
                                config().rule(
                                                "/",
                                                service(
                                                        List.of(
                                                                closed.endpoint(),
                                                                good.endpoint()))));
                TestClient client = gateway.connect()) {
            for (int i = 0; i < 10; i++) {
                client.post("/", BODY);
                assertThat(client.read().text()).isEqualTo("good");
            }
        }
    }

    @Test
    void whenAllEndpointsAreBusyTheLastAnswerIsPassedOn() throws Exception {
        try (TestServer first = answering(503);
                TestServer second = answering(503);
                Gateway gateway = Gateway.start(config().rule("/", pool("p")));
                TestClient client = gateway.connect()) {
            FakePicker picker = gateway.pool("p", first, second);
            client.post("/v1/completions", BODY);
            Wire.Message answer = client.read();

            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.text()).isEqualTo("status 503");
            assertThat(second.requests()).hasSize(1);
            assertThat(picker.reserved()).isZero();
        }
    }

    @Test
    void whenNoEndpointCanBeReachedTheClientIsTold() throws Exception {
        try (ClosedPort first = ClosedPort.take();
                ClosedPort second = ClosedPort.take();
                Gateway gateway = Gateway.start(config().rule("/", pool("p")));
                TestClient client = gateway.connect()) {
            FakePicker picker = gateway.pool("p", List.of(first.endpoint(), second.endpoint()));
            client.post("/v1/completions", BODY);
            Wire.Message answer = client.read();

            assertThat(answer.status()).isEqualTo(502);
            assertThat(answer.text()).contains("\"error\"").doesNotContain("127.0.0.1");
            assertThat(picker.ends()).containsExactly(End.FAILED);
            assertThat(gateway.record().error).contains("REFUSED");
            client.post("/v1/completions", BODY);
            assertThat(client.read().status()).isEqualTo(502);
        }
    }

    @Test
    void theNumberOfEndpointsTriedIsLimited() throws Exception {
        try (ClosedPort closed = ClosedPort.take();
                TestServer good = TestServer.named("good");
                Gateway gateway = Gateway.start(config().rule("/", pool("p")));
                TestClient client = gateway.connect()) {
            Endpoint dead = closed.endpoint();
            gateway.pool("p", List.of(dead, dead, dead, good.endpoint()));
            client.post("/v1/completions", BODY);

            assertThat(client.read().status()).isEqualTo(502);
            assertThat(gateway.record().attempts).isEqualTo(3);
        }
    }

    @Test
    void aKeptConnectionThatDiedIsReplacedByANewOneToTheSameServer() throws Exception {
        AtomicInteger served = new AtomicInteger();
        TestServer.Script script =
                connection -> {
                    Wire.readRequest(connection.in());
                    connection.respond(200, "text/plain", "answer " + served.incrementAndGet());
                    // The next request on this connection is swallowed without an answer.
                    Wire.readRequest(connection.in());
                };
        try (TestServer server = TestServer.scripted(script);
                Gateway gateway = Gateway.start(config().rule("/", pool("p")));
                TestClient client = gateway.connect()) {
            FakePicker picker = gateway.pool("p", server);
            for (int i = 1; i <= 20; i++) {
                client.post("/v1/completions", BODY);
                assertThat(client.read().text()).isEqualTo("answer " + i);
            }
            assertThat(picker.ends()).hasSize(20).containsOnly(End.COMPLETED);
        }
    }

    @Test
    void aServerThatClosesIdleConnectionsIsNoProblem() throws Exception {
        TestServer.Script script =
                connection -> {
                    Wire.readRequest(connection.in());
                    connection.respond(200, "text/plain", "once");
                };
        try (TestServer server = TestServer.scripted(script);
                Gateway gateway = Gateway.start(config().rule("/", service(server)));
                TestClient client = gateway.connect()) {
            for (int i = 0; i < 200; i++) {
                client.post("/", BODY);
                assertThat(client.read().text()).isEqualTo("once");
            }
        }
    }

    @Test
    void anAnswerThatIsCutIsCutForTheClientToo() throws Exception {
        TestServer.Script chunked =
                connection -> {
                    Wire.readRequest(connection.in());
                    connection.beginChunked("text/event-stream");
                    connection.chunk("data: 1\n\n");
                };
        try (TestServer server = TestServer.scripted(chunked);
                Gateway gateway = Gateway.start(config().rule("/", pool("p")));
                TestClient client = gateway.connect()) {
            FakePicker picker = gateway.pool("p", server);
            client.post("/v1/completions", BODY);

            assertThatThrownBy(client::read).isInstanceOf(EOFException.class);
            assertThat(picker.ends()).containsExactly(End.FAILED);
            assertThat(gateway.record().error).contains("CUT");
        }
    }

    @Test
    void anAnswerShorterThanItsLengthIsCutForTheClientToo() throws Exception {
        TestServer.Script script =
                connection -> {
                    Wire.readRequest(connection.in());
                    connection.send("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nabc");
                };
        try (TestServer server = TestServer.scripted(script);
                Gateway gateway = Gateway.start(config().rule("/", service(server)));
                TestClient client = gateway.connect()) {
            client.post("/", BODY);

            assertThatThrownBy(client::read).isInstanceOf(EOFException.class);
        }
    }

    @Test
    void anAnswerWithoutLengthEndsWithItsConnection() throws Exception {
        TestServer.Script script =
                connection -> {
                    Wire.readRequest(connection.in());
                    connection.send("HTTP/1.1 200 OK\r\n\r\nall of it");
                };
        try (TestServer server = TestServer.scripted(script);
                Gateway gateway = Gateway.start(config().rule("/", service(server)));
                TestClient client = gateway.connect()) {
            client.post("/", BODY);
            assertThat(client.read().text()).isEqualTo("all of it");
            client.post("/", BODY);
            assertThat(client.read().text()).isEqualTo("all of it");
        }
    }

    @Test
    void anAnswerThatIsNotHttpIsABadGateway() throws Exception {
        TestServer.Script script =
                connection -> {
                    Wire.readRequest(connection.in());
                    connection.send("SSH-2.0-OpenSSH\r\n\r\n");
                };
        try (TestServer server = TestServer.scripted(script);
                Gateway gateway = Gateway.start(config().rule("/", service(server)));
                TestClient client = gateway.connect()) {
            client.post("/", BODY);
            assertThat(client.read().status()).isEqualTo(502);
        }
    }

    @Test
    void bytesThatNobodyAskedForCloseAKeptConnection() throws Exception {
        TestServer.Responder responder =
                (_, connection) -> {
                    connection.respond(200, "text/plain", "ok");
                    if (connection.number() == 1) {
                        connection.send("HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\npoison");
                    }
                };
        try (TestServer server = TestServer.answering(responder);
                Gateway gateway = Gateway.start(config().rule("/", service(server)));
                TestClient client = gateway.connect()) {
            client.post("/", BODY);
            assertThat(client.read().text()).isEqualTo("ok");
            await().untilAsserted(() ->
                    assertThat(gateway.plane().stats().upstreamConnections()).isZero());
            client.post("/", BODY);
            assertThat(client.read().text()).isEqualTo("ok");
        }
    }

    @Test
    void aRouteCanHaveItsOwnStatusesRetriedWithAPause() throws Exception {
        AtomicInteger count = new AtomicInteger();
        TestServer.Responder responder =
                (_, connection) -> {
                    int status = count.incrementAndGet() < 3 ? 500 : 200;
                    connection.respond(status, "text/plain", "try " + count.get());
                };
        var retry = new RetryPolicy(Set.of(500), 2, Duration.ofMillis(100));
        try (TestServer server = TestServer.answering(responder);
                Gateway gateway =
                        Gateway.start(
                                config().rule(
                                                "/",
                                                service(server),
                                                rule -> Config.withRetry(rule, retry)));
                TestClient client = gateway.connect()) {
            long before = System.nanoTime();
            client.post("/", BODY);
            Wire.Message answer = client.read();

            assertThat(answer.text()).isEqualTo("try 3");
            assertThat(Duration.ofNanos(System.nanoTime() - before))
                    .isGreaterThan(Duration.ofMillis(200));
            client.post("/", BODY);
            assertThat(client.read().status()).isEqualTo(200);
        }
    }

    @Test
    void retriesThatCouldMakeAnOverloadWorseAreRationed() throws Exception {
        try (TestServer busy = answering(503);
                TestServer good = TestServer.named("good");
                Gateway gateway =
                        Gateway.start(
                                ProxySettings.DEFAULT.withIoThreads(1),
                                config().rule("/", pool("p")));
                TestClient client = gateway.connect()) {
            gateway.pool("p", busy, good);
            int good200 = 0;
            for (int i = 0; i < 300; i++) {
                client.post("/v1/completions", BODY);
                good200 += client.read().status() == 200 ? 1 : 0;
            }
            assertThat(good200).isBetween(75, 200);
        }
    }

    @Test
    void aRequestThatTakesTooLongIsAnsweredForTheServer() throws Exception {
        TestServer.Script silent = TestServer.Connection::awaitClose;
        try (TestServer server = TestServer.scripted(silent);
                Gateway gateway =
                        Gateway.start(
                                config().rule(
                                                "/request",
                                                pool("p"),
                                                rule ->
                                                        Config.withTimeouts(
                                                                rule,
                                                                Duration.ofMillis(150),
                                                                Duration.ZERO))
                                        .rule(
                                                "/backend",
                                                pool("p"),
                                                rule ->
                                                        Config.withTimeouts(
                                                                rule,
                                                                Duration.ofSeconds(10),
                                                                Duration.ofMillis(150))));
                TestClient client = gateway.connect()) {
            FakePicker picker = gateway.pool("p", server);
            client.post("/request", BODY);
            assertThat(client.read().status()).isEqualTo(504);
            client.post("/backend", BODY);
            assertThat(client.read().status()).isEqualTo(504);
            assertThat(picker.ends()).containsExactly(End.FAILED, End.FAILED);
            await().untilAsserted(() -> assertThat(server.open()).isZero());
        }
    }

    @Test
    void aStreamThatTakesTooLongIsCut() throws Exception {
        TestServer.Script script =
                connection -> {
                    Wire.readRequest(connection.in());
                    connection.beginChunked("text/event-stream");
                    connection.chunk("data: 1\n\n");
                    connection.awaitClose();
                };
        try (TestServer server = TestServer.scripted(script);
                Gateway gateway =
                        Gateway.start(
                                config().rule(
                                                "/",
                                                pool("p"),
                                                rule ->
                                                        Config.withTimeouts(
                                                                rule,
                                                                Duration.ofMillis(200),
                                                                Duration.ZERO)));
                TestClient client = gateway.connect()) {
            gateway.pool("p", server);
            client.post("/", BODY);
            assertThatThrownBy(client::read).isInstanceOf(EOFException.class);
        }
    }

    @Test
    void aServerThatFallsSilentIsGivenUp() throws Exception {
        TestServer.Script script =
                connection -> {
                    Wire.readRequest(connection.in());
                    connection.beginChunked("text/event-stream");
                    for (int i = 0; i < 6; i++) {
                        connection.chunk("data: 1\n\n");
                        Thread.sleep(50);
                    }
                    connection.awaitClose();
                };
        var settings =
                ProxySettings.DEFAULT.withUpstream(
                        UpstreamLimits.DEFAULT.withResponseIdleTimeout(Duration.ofMillis(200)));
        try (TestServer server = TestServer.scripted(script);
                Gateway gateway = Gateway.start(settings, config().rule("/", service(server)));
                TestClient client = gateway.connect()) {
            client.post("/", BODY);
            assertThatThrownBy(client::read).isInstanceOf(EOFException.class);
            ExchangeRecord record = gateway.record();
            assertThat(record.error).contains("silent");
            assertThat(record.responseBytes).isEqualTo(6 * 9);
        }
    }

    @Test
    void namesAreResolvedAndUnknownOnesAreUnreachable() throws Exception {
        try (TestServer server = TestServer.named("by name");
                Gateway gateway =
                        Gateway.start(
                                config().rule(
                                                "/known",
                                                service(List.of(named(server, "localhost"))))
                                        .rule(
                                                "/unknown",
                                                service(
                                                        List.of(
                                                                named(
                                                                        server,
                                                                        "no.such.invalid")))));
                TestClient client = gateway.connect()) {
            client.get("/known");
            assertThat(client.read().text()).isEqualTo("by name");
            client.get("/unknown");
            assertThat(client.read().status()).isEqualTo(502);
        }
    }

    private static Endpoint named(TestServer server, String host) {
        return new Endpoint(host, "", host, server.port(), Map.of());
    }

    @Test
    void whenAllConnectionsAreInUseTheNextEndpointIsAsked() throws Exception {
        TestServer.Script slow =
                connection -> {
                    Wire.readRequest(connection.in());
                    connection.awaitClose();
                };
        var settings =
                ProxySettings.DEFAULT
                        .withIoThreads(1)
                        .withUpstream(UpstreamLimits.DEFAULT.withConnections(1, 1));
        try (TestServer first = TestServer.scripted(slow);
                TestServer second = TestServer.named("second");
                Gateway gateway = Gateway.start(settings, config().rule("/", pool("p")));
                TestClient blocked = gateway.connect();
                TestClient client = gateway.connect()) {
            gateway.pool("p", first, second);
            blocked.post("/v1/completions", BODY);
            await().untilAsserted(() -> assertThat(first.accepted()).isEqualTo(1));
            client.post("/v1/completions", BODY);
            assertThat(client.read().text()).isEqualTo("second");
        }
    }
}
