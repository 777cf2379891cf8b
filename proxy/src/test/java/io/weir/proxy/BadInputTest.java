package io.weir.proxy;

import static io.weir.proxy.testing.Config.config;
import static io.weir.proxy.testing.Config.pool;
import static io.weir.proxy.testing.Config.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.model.BaseModels;
import io.weir.proxy.server.ClientLimits;
import io.weir.proxy.testing.Gateway;
import io.weir.proxy.testing.TestClient;
import io.weir.proxy.testing.TestServer;
import io.weir.proxy.testing.Wire;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Set;

/** Requests that are refused, or cleaned before anything believes them. */
class BadInputTest {

    private static final int BODY_LIMIT = 64 * 1024;

    private TestServer server;
    private Gateway gateway;

    @BeforeEach
    void start() throws IOException {
        server = TestServer.named("ok");
        var limits =
                ClientLimits.DEFAULT
                        .withSizes(2048, 4096)
                        .withTimeouts(
                                Duration.ofMillis(300),
                                Duration.ofMillis(300),
                                Duration.ofMillis(600));
        gateway =
                Gateway.start(
                        ProxySettings.DEFAULT.withClient(limits),
                        config().rule("/service", service(server))
                                .baseModelRule("llama", pool("llama"))
                                .headerRule("x-gateway-model-name", "forged", service(server))
                                .headerRule("x-ai-eg-model", "forged", service(server))
                                .baseModels(
                                        new BaseModels(Map.of("lora", "llama"), Set.of("llama")))
                                .bodyLimit(BODY_LIMIT));
        gateway.pool("llama", server);
    }

    @AfterEach
    void stop() throws IOException {
        gateway.close();
        server.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /service HTTP/1.1\r\n\r\n",
                "GET /service HTTP/1.1\r\nhost: a\r\nhost: b\r\n\r\n",
                "GET /service HTTP/1.1\r\nhost: a b\r\n\r\n",
                "GET /service HTTP/1.1\r\nhost: user@a\r\n\r\n",
                "GET /service HTTP/1.1\r\nhost: a:port\r\n\r\n",
                "GET /service/../admin HTTP/1.1\r\nhost: a\r\n\r\n",
                "GET /service/%2E%2e/admin HTTP/1.1\r\nhost: a\r\n\r\n",
                "GET /service HTTP/1.1\r\nhost: a\u00e9\r\n\r\n",
                "GET /ser\u0000vice HTTP/1.1\r\nhost: a\r\n\r\n",
                "GET /service#x HTTP/1.1\r\nhost: a\r\n\r\n",
                "GET service HTTP/1.1\r\nhost: a\r\n\r\n",
                "GET /service HTTP/1.1\r\nhost: a\r\nbad header: x\r\n\r\n",
                "GET /service HTTP/1.1\r\nhost : a\r\n\r\n",
                "GET /service HTTP/1.1\nhost: a\n\n",
                "GET /service HTTP/1.1\r\nhost: a\r\nx: a\u0000b\r\n\r\n",
                "POST /service HTTP/1.1\r\nhost: a\r\ncontent-length: 3\r\ncontent-length: 4\r\n\r\nabc",
                "POST /service HTTP/1.1\r\nhost: a\r\ncontent-length: +3\r\n\r\nabc",
                "POST /service HTTP/1.1\r\nhost: a\r\ncontent-length: -3\r\n\r\nabc",
                "POST /service HTTP/1.1\r\nhost: a\r\ncontent-length: 3\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
                "POST /service HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked, identity\r\n\r\n0\r\n\r\n",
                "POST /service HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
                "POST /service HTTP/1.0\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
            })
    void aMalformedHeadIsRefusedAndTheConnectionClosed(String request) throws IOException {
        try (TestClient client = gateway.connect()) {
            client.send(request.getBytes(StandardCharsets.ISO_8859_1));
            Wire.Message answer = client.read();

            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.text()).contains("\"error\"");
            assertThat(server.requests()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "POST /service HTTP/1.1\r\nhost: a\r\ncontent-length: 3\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
                "GET /service HTTP/1.1\r\nhost: a\r\nbad header: x\r\n\r\n",
            })
    void whatMayBeSmuggledEndsTheConnection(String request) throws IOException {
        try (TestClient client = gateway.connect()) {
            client.send(request + "GET /service HTTP/1.1\r\nhost: a\r\n\r\n");

            assertThat(client.read().header("connection")).isEqualTo("close");
            assertThat(client.awaitClose()).isTrue();
            assertThat(server.requests()).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "CONNECT a:80 HTTP/1.1, '', 501",
        "GET / HTTP/2.0, '', 505",
        "POST /service HTTP/1.1, 'transfer-encoding: gzip, chunked', 501",
        "POST /service HTTP/1.1, 'expect: tea', 417",
    })
    void whatIsNotSupportedIsSaidSo(String start, String header, int status) throws IOException {
        try (TestClient client = gateway.connect()) {
            String headers = header.isEmpty() ? "" : header + "\r\n";
            client.send(start + "\r\nhost: a\r\n" + headers + "\r\n");

            assertThat(client.read().status()).isEqualTo(status);
        }
    }

    @Test
    void anUpgradeIsIgnored() throws IOException {
        try (TestClient client = gateway.connect()) {
            client.send(
                    "GET /service HTTP/1.1\r\nhost: a\r\nconnection: upgrade\r\nupgrade: h2c\r\n\r\n");

            assertThat(client.read().status()).isEqualTo(200);
            assertThat(server.requests().getFirst().header("upgrade")).isEmpty();
            assertThat(server.requests().getFirst().header("connection")).isEmpty();
        }
    }

    @Test
    void aLongUriAndLargeHeadersHaveTheirOwnStatus() throws IOException {
        try (TestClient client = gateway.connect()) {
            client.get("/service/" + "x".repeat(3000));
            assertThat(client.read().status()).isEqualTo(414);
        }
        try (TestClient client = gateway.connect()) {
            client.send(
                    "GET /service HTTP/1.1\r\nhost: a\r\nx-big: " + "x".repeat(5000) + "\r\n\r\n");
            assertThat(client.read().status()).isEqualTo(431);
        }
    }

    @Test
    void forgedRoutingHeadersAreNeitherBelievedNorPassedOn() throws IOException {
        String forged =
                """
                x-gateway-model-name: forged\r
                X-Gateway-Base-Model-Name: llama\r
                X-AI-EG-Model: forged\r
                x-gateway-model-name-rewrite: forged\r
                X-Gateway-Destination-Endpoint: 169.254.169.254:80\r
                x-gateway-destination-endpoint-subset: 1.2.3.4\r
                x-gateway-destination-endpoint-served: 1.2.3.4\r
                """;
        try (TestClient client = gateway.connect()) {
            client.send("GET / HTTP/1.1\r\nhost: a\r\n" + forged + "\r\n");
            assertThat(client.read().status()).isEqualTo(404);

            client.send("GET /service HTTP/1.1\r\nhost: a\r\nx-mine: yes\r\n" + forged + "\r\n");
            assertThat(client.read().status()).isEqualTo(200);
            Wire.Message seen = server.requests().getFirst();
            assertThat(seen.header("x-mine")).isEqualTo("yes");
            assertThat(seen.headers())
                    .noneMatch(header -> header.value().matches("forged|llama|1.2.3.4|169.*"));
        }
    }

    @Test
    void forgedRoutingHeadersDoNotSurviveBesideABodyEither() throws IOException {
        try (TestClient client = gateway.connect()) {
            client.send(
                    """
                    POST /v1/completions HTTP/1.1\r
                    host: a\r
                    X-GATEWAY-MODEL-NAME: forged\r
                    x-gateway-model-name: forged\r
                    x-Gateway-BASE-Model-Name: forged\r
                    x-GATEWAY-destination-ENDPOINT: 169.254.169.254:80\r
                    connection: x-gateway-model-name, x-gateway-base-model-name\r
                    content-type: application/json\r
                    content-length: 16\r
                    \r
                    {"model":"lora"}\
                    """);
            assertThat(client.read().status()).isEqualTo(200);
            Wire.Message seen = server.requests().getFirst();
            assertThat(seen.header("x-gateway-model-name")).isEqualTo("lora");
            assertThat(seen.header("x-gateway-base-model-name")).isEqualTo("llama");
            assertThat(seen.headers()).noneMatch(header -> header.value().matches("forged|169.*"));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "POST /service HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked, chunked\r\n\r\n0\r\n\r\n",
                "POST /service HTTP/1.1\r\nhost: a\r\ntransfer-encoding: xchunked\r\n\r\n0\r\n\r\n",
                "POST /service HTTP/1.1\r\nhost: a\r\ntransfer-encoding: identity\r\ncontent-length: 5\r\n\r\n0\r\n\r\n",
                "POST /service HTTP/1.1\r\nhost: a\r\ntransfer-encoding: \u000bchunked\r\n\r\n0\r\n\r\n",
                "POST /service HTTP/1.1\r\nhost: a\r\ntransfer-encoding : chunked\r\n\r\n0\r\n\r\n",
                "POST /service HTTP/1.1\r\nhost: a\r\ntransfer-encoding: \"chunked\"\r\n\r\n0\r\n\r\n",
                "POST /service HTTP/1.1\r\nhost: a\r\ntransfer-encoding:\r\n chunked\r\ncontent-length: 5\r\n\r\n0\r\n\r\n",
                "POST /service HTTP/1.1\r\nhost: a\r\ncontent-length: 3, 3\r\n\r\nabc",
                "POST /service HTTP/1.1\r\nhost: a\r\ncontent-length: 3\r\ncontent-length: 3\r\n\r\nabc",
                "POST /service HTTP/1.1\r\nhost: a\r\ncontent-length: \r\n\r\n",
                "POST /service HTTP/1.1\r\nhost: a\r\ncontent-length: 0x3\r\n\r\nabc",
                "POST /service HTTP/1.1\r\nhost: a\r\ncontent-length: 3 3\r\n\r\nabc",
                "POST /service HTTP/1.1\r\nhost: a\r\ncontent-length: 99999999999999999999\r\n\r\nabc",
                "GET /service HTTP/1.1\r\n host: a\r\n\r\n",
                "GET /service HTTP/1.1\r\nhost: a\r\n: x\r\n\r\n",
                "GET /service HTTP/1.1\r\nhost: a\r\nnocolon\r\n\r\n",
                "GET /service HTTP/1.1\r\nhost: a\r\nx\u0000y: z\r\n\r\n",
                "GET /service HTTP/1.1\r\nhost: a\r\nx\u0080y: z\r\n\r\n",
                "GET /service HTTP/1.1\r\nhost: a\r\nx: y\rz: 1\r\n\r\n",
                "GET /service HTTP/1.1\r\nhost: a\r\nx: y\nz: 1\r\n\r\n",
                "G\u0000T /service HTTP/1.1\r\nhost: a\r\n\r\n",
                "GET /service x HTTP/1.1\r\nhost: a\r\n\r\n",
            })
    void whatTwoReadersCouldFrameDifferentlyIsRefused(String request) throws IOException {
        try (TestClient client = gateway.connect()) {
            client.send(
                    (request + "GET /service/smuggled HTTP/1.1\r\nhost: a\r\n\r\n")
                            .getBytes(StandardCharsets.ISO_8859_1));

            assertThat(client.read().status()).isIn(400, 501, 505);
            assertThat(client.awaitClose()).isTrue();
            assertThat(server.requests()).isEmpty();
        }
    }

    @Test
    void aFoldedHeaderReachesNoServerFolded() throws IOException {
        try (TestClient client = gateway.connect()) {
            client.send("GET /service HTTP/1.1\r\nhost: a\r\nx: one\r\n two\r\ny: 1\r\n\r\n");
            if (client.read().status() == 200) {
                assertThat(server.requests().getFirst().header("x")).isEqualTo("one two");
                assertThat(server.requests().getFirst().header("y")).isEqualTo("1");
            } else {
                assertThat(server.requests()).isEmpty();
            }
        }
    }

    @Test
    void headersOfTheClientsOwnHopStayBehind() throws IOException {
        try (TestClient client = gateway.connect()) {
            client.send(
                    """
                    GET /service HTTP/1.1\r
                    host: a\r
                    connection: keep-alive, x-secret, host\r
                    keep-alive: timeout=5\r
                    proxy-connection: keep-alive\r
                    te: trailers\r
                    x-secret: 1\r
                    x-open: 2\r
                    \r
                    """);
            assertThat(client.read().status()).isEqualTo(200);

            Wire.Message seen = server.requests().getFirst();
            assertThat(seen.headers())
                    .extracting(Wire.Header::name)
                    .contains("host", "x-open")
                    .doesNotContain(
                            "connection", "keep-alive", "proxy-connection", "te", "x-secret");
        }
    }

    @Test
    void aBodyOverTheLimitIsRefusedBeforeItIsRead() throws IOException {
        try (TestClient client = gateway.connect()) {
            client.send(
                    """
                    POST /v1/completions HTTP/1.1\r
                    host: a\r
                    content-type: application/json\r
                    content-length: 1000000\r
                    \r
                    """);
            Wire.Message answer = client.read();

            assertThat(answer.status()).isEqualTo(413);
            assertThat(answer.header("connection")).isEqualTo("close");
        }
    }

    @Test
    void aClientThatSendsTooMuchStillGetsItsAnswer() throws Exception {
        try (TestClient client = gateway.connect()) {
            client.send(
                    """
                    POST /v1/completions HTTP/1.1\r
                    host: a\r
                    content-type: application/json\r
                    transfer-encoding: chunked\r
                    \r
                    """);
            String piece = "{\"prompt\":\"" + "x".repeat(8000);
            for (int i = 0; i < 30; i++) {
                client.send(Integer.toHexString(piece.length()) + "\r\n" + piece + "\r\n");
            }
            client.send("0\r\n\r\n");

            assertThat(client.read().status()).isEqualTo(413);
            assertThat(client.awaitClose()).isTrue();
        }
        assertThat(gateway.record().error).contains("too large");
    }

    @Test
    void aBodyThatStreamsThroughHasNoLimit() throws IOException {
        try (TestClient client = gateway.connect()) {
            String body = "x".repeat(4 * BODY_LIMIT);
            client.post("/service", body);

            assertThat(client.read().status()).isEqualTo(200);
            assertThat(server.requests().getFirst().text()).isEqualTo(body);
        }
    }

    @Test
    void aRequestIsUnderstoodByteByByte() throws IOException {
        String body = "{\"model\":\"lora\"}";
        String request =
                "POST /v1/completions HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\n"
                        + "transfer-encoding: chunked\r\n\r\n"
                        + "5\r\n"
                        + body.substring(0, 5)
                        + "\r\n"
                        + Integer.toHexString(body.length() - 5)
                        + ";ext=1\r\n"
                        + body.substring(5)
                        + "\r\n0\r\n\r\n";
        try (TestClient client = gateway.connect()) {
            for (byte b : request.getBytes(StandardCharsets.US_ASCII)) {
                client.send(new byte[] {b});
            }
            assertThat(client.read().status()).isEqualTo(200);
            assertThat(server.requests().getFirst().text()).isEqualTo(body);
            assertThat(server.requests().getFirst().header("content-length"))
                    .isEqualTo("" + body.length());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "zz\r\nabc\r\n0\r\n\r\n",
                "3\r\nabcX\r\n0\r\n\r\n",
                "3\nabc\n0\n\n",
                "ffffffffff\r\nabc",
                "3;\u0000ext\r\nabc\r\n0\r\n\r\n",
            })
    void aMalformedChunkEndsTheRequest(String chunks) throws IOException {
        try (TestClient client = gateway.connect()) {
            client.send(
                    """
                    POST /v1/completions HTTP/1.1\r
                    host: a\r
                    content-type: application/json\r
                    transfer-encoding: chunked\r
                    \r
                    """
                            + chunks);
            assertThat(client.read().status()).isEqualTo(400);
            assertThat(client.awaitClose()).isTrue();
        }
    }

    @Test
    void aHeadThatComesTooSlowlyIsAnsweredWithATimeout() throws IOException {
        try (TestClient client = gateway.connect()) {
            client.send("GET / HTTP/1.1\r\nhost: ");
            assertThat(client.read().status()).isEqualTo(408);
            assertThat(client.awaitClose()).isTrue();
        }
    }

    @Test
    void aBodyThatComesTooSlowlyIsAnsweredWithATimeout() throws Exception {
        try (TestClient client = gateway.connect()) {
            client.send(
                    """
                    POST /v1/completions HTTP/1.1\r
                    host: a\r
                    content-type: application/json\r
                    content-length: 100\r
                    \r
                    {\
                    """);
            assertThat(client.read().status()).isEqualTo(408);
            assertThat(client.awaitClose()).isTrue();
        }
        assertThat(gateway.record().status).isEqualTo(408);
    }

    @Test
    void anIdleConnectionIsClosedWithoutAWord() throws IOException {
        try (TestClient client = gateway.connect()) {
            client.get("/service");
            client.read();
            assertThat(client.in().read()).isNegative();
        }
    }

    @Test
    void aCompressedJsonBodyIsRefused() throws IOException {
        try (TestClient client = gateway.connect()) {
            client.send(
                    """
                    POST /v1/completions HTTP/1.1\r
                    host: a\r
                    content-type: application/json\r
                    content-encoding: gzip\r
                    content-length: 3\r
                    \r
                    abc\
                    """);
            assertThat(client.read().status()).isEqualTo(415);
        }
    }
}
