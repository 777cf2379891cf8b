package io.weir.proxy;

import static io.weir.proxy.testing.Config.config;
import static io.weir.proxy.testing.Config.pool;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.weir.model.BaseModels;
import io.weir.proxy.testing.FakePicker;
import io.weir.proxy.testing.Gateway;
import io.weir.proxy.testing.TestClient;
import io.weir.proxy.testing.TestServer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Map;
import java.util.Set;

/** Bodies that arrive in pieces, and bodies that another reader could understand differently. */
class JsonInputTest {

    private static final String HEAD =
            "POST /v1/chat/completions HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\n";

    /** Escapes, surrogates and UTF-8 sequences of two to four bytes, before and in what is read. */
    private static final String TRICKY =
            "{\"messages\":[{\"role\":\"user\",\"content\":\"é€😀 \\u00e9\\uD83D\\uDE00 \\\"\\\\\\n\"}],"
                    + " \"é\\\"model\\\"\" : \"no\" , \"mod\\u0065l\" : \"l\\u006fra\", \"n\":-1.5e+3}";

    private TestServer server;
    private Gateway gateway;
    private FakePicker picker;

    @BeforeEach
    void start() throws IOException {
        server = TestServer.named("ok");
        gateway =
                Gateway.start(
                        config().baseModelRule("llama", pool("llama"))
                                .baseModels(
                                        new BaseModels(Map.of("lora", "llama"), Set.of("llama")))
                                .bodyLimit(4 << 20));
        picker = gateway.pool("llama", server);
    }

    @AfterEach
    void stop() throws IOException {
        gateway.close();
        server.close();
    }

    private void assertUnderstood(byte[] body) {
        assertThat(server.requests().getLast().body()).isEqualTo(body);
        assertThat(server.requests().getLast().header("x-gateway-model-name")).isEqualTo("lora");
        assertThat(picker.asked().getLast().model()).isEqualTo("lora");
        assertThat(picker.asked().getLast().prompt()).contains("é€😀");
    }

    private static byte[] chunks(byte[] body, int... ends) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int at = 0;
        for (int end : ends) {
            if (end > at) {
                out.write((Integer.toHexString(end - at) + "\r\n").getBytes(UTF_8));
                out.write(body, at, end - at);
                out.write("\r\n".getBytes(UTF_8));
                at = end;
            }
        }
        out.write("0\r\n\r\n".getBytes(UTF_8));
        return out.toByteArray();
    }

    @Test
    void aBodyIsUnderstoodWhereverItIsSplit() throws IOException {
        byte[] body = TRICKY.getBytes(UTF_8);
        try (TestClient client = gateway.connect()) {
            for (int at = 0; at <= body.length; at++) {
                client.send(HEAD + "transfer-encoding: chunked\r\n\r\n");
                client.send(chunks(body, at, body.length));
                assertThat(client.read().status()).as("split at %d", at).isEqualTo(200);
                assertUnderstood(body);
            }
        }
    }

    @Test
    void aBodyIsUnderstoodWhenEachByteIsAPieceOfItsOwn() throws IOException {
        byte[] body = TRICKY.getBytes(UTF_8);
        int[] ends = new int[body.length];
        for (int i = 0; i < ends.length; i++) {
            ends[i] = i + 1;
        }
        try (TestClient client = gateway.connect()) {
            client.send(HEAD + "transfer-encoding: chunked\r\n\r\n");
            client.send(chunks(body, ends));
            assertThat(client.read().status()).isEqualTo(200);
            assertUnderstood(body);
        }
    }

    @Test
    void aRequestIsUnderstoodWhenEachByteIsAPacketOfItsOwn() throws Exception {
        byte[] body = TRICKY.getBytes(UTF_8);
        String head = HEAD + "content-length: " + body.length + "\r\n\r\n";
        try (TestClient client = gateway.connect()) {
            for (byte b : head.getBytes(UTF_8)) {
                client.send(new byte[] {b});
            }
            for (byte b : body) {
                client.send(new byte[] {b});
                Thread.sleep(1);
            }
            assertThat(client.read().status()).isEqualTo(200);
            assertUnderstood(body);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"model\":\"llama\",\"model\":\"lora\"}",
                "{\"model\":\"llama\",\"model\":\"llama\"}",
                "{\"model\":\"llama\",\"mod\\u0065l\":\"lora\"}",
                "{\"\\u006d\\u006F\\u0064\\u0065\\u006c\":\"llama\",\"model\":\"lora\"}",
                "{\"model\":7}",
                "{\"model\":[\"llama\"]}",
                "{\"model\":\"lla\\uD800ma\"}",
                "{\"model\":\"lla\\u0000ma",
                "{\"model\":\"lla\nma\"}",
                "{\"model\":\"lla\\xma\"}",
                "{\"model\":\"llama\"",
                "{\"model\":\"llama\"}x",
                "{\"model\":\"llama\"}{\"model\":\"lora\"}",
                "{\"model\":\"llama\"/* x */}",
                "{\"model\":\"llama\",}",
                "{'model':'llama'}",
                "{model:\"llama\"}",
                "[]",
                "[{\"model\":\"llama\"}]",
                "\"model\"",
                "nonsense",
            })
    void aBodyThatTwoReadersCouldReadDifferentlyIsRefused(String body) throws IOException {
        try (TestClient client = gateway.connect()) {
            client.post("/v1/completions", body);
            assertThat(client.read().status()).isEqualTo(400);
            assertThat(server.requests()).isEmpty();

            client.post("/v1/completions", "{\"model\":\"llama\"}");
            assertThat(client.read().status()).isEqualTo(200);
        }
    }

    @Test
    void aModelDeeperInTheBodyIsNotTheModel() throws IOException {
        try (TestClient client = gateway.connect()) {
            client.post(
                    "/v1/completions",
                    "{\"metadata\":{\"model\":\"forged\"},\"model\":\"lora\","
                            + "\"prompt\":\"\\\"model\\\":\\\"forged\\\"\"}");
            assertThat(client.read().status()).isEqualTo(200);
            assertThat(server.requests().getLast().header("x-gateway-model-name"))
                    .isEqualTo("lora");
        }
    }

    @Test
    void nestingIsReadToAHundredLevelsAndNoFurther() throws IOException {
        try (TestClient client = gateway.connect()) {
            client.post("/v1/completions", nested(99));
            assertThat(client.read().status()).isEqualTo(200);
            client.post("/v1/completions", nested(100));
            assertThat(client.read().status()).isEqualTo(400);
            client.post("/v1/completions", nested(100_000));
            assertThat(client.read().status()).isEqualTo(400);
            client.post("/v1/completions", "[".repeat(1_000_000));
            assertThat(client.read().status()).isEqualTo(400);
        }
    }

    private static String nested(int arrays) {
        return "{\"model\":\"llama\",\"x\":" + "[".repeat(arrays) + "]".repeat(arrays) + "}";
    }

    @Test
    void keysWithoutEndAndKeysWithoutNumberAreHarmless() throws IOException {
        try (TestClient client = gateway.connect()) {
            client.post(
                    "/v1/completions", "{\"" + "x".repeat(3_000_000) + "\":1,\"model\":\"llama\"}");
            assertThat(client.read().status()).isEqualTo(400);

            StringBuilder many = new StringBuilder("{\"model\":\"llama\"");
            for (int i = 0; i < 200_000; i++) {
                many.append(",\"k").append(i).append("\":0");
            }
            client.post("/v1/completions", many.append('}').toString());
            assertThat(client.read().status()).isEqualTo(200);
        }
    }

    @Test
    void aByteOrderMarkAndOtherEncodingsAreRefused() throws IOException {
        byte[][] bodies = {
            "\uFEFF{\"model\":\"llama\"}".getBytes(UTF_8),
            "{\"model\":\"llama\"}".getBytes(java.nio.charset.StandardCharsets.UTF_16LE),
            "{\"model\":\"llama\"}".getBytes(java.nio.charset.StandardCharsets.UTF_16BE),
            {'{', '"', 'm', 'o', 'd', 'e', 'l', '"', ':', '"', (byte) 0xc0, (byte) 0xaf, '"', '}'},
        };
        try (TestClient client = gateway.connect()) {
            for (byte[] body : bodies) {
                client.send(HEAD + "content-length: " + body.length + "\r\n\r\n");
                client.send(body);
                assertThat(client.read().status()).isEqualTo(400);
            }
        }
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void anEmptyBodyIsRefused() throws IOException {
        try (TestClient client = gateway.connect()) {
            client.post("/v1/completions", "");
            assertThat(client.read().status()).isIn(400, 404);
            client.send(HEAD + "transfer-encoding: chunked\r\n\r\n0\r\n\r\n");
            assertThat(client.read().status()).isIn(400, 404);
        }
        assertThat(server.requests()).isEmpty();
    }
}
