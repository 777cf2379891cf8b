package io.weir.proxy;

import static io.weir.proxy.testing.Config.config;
import static io.weir.proxy.testing.Config.pool;
import static io.weir.proxy.testing.Config.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.body.Usage;
import io.weir.model.BaseModels;
import io.weir.model.ModelRewrites;
import io.weir.picker.Reservation;
import io.weir.proxy.testing.Config;
import io.weir.proxy.testing.FakePicker;
import io.weir.proxy.testing.Gateway;
import io.weir.proxy.testing.TestClient;
import io.weir.proxy.testing.TestServer;
import io.weir.proxy.testing.Wire;
import io.weir.split.WeightedChoice;
import io.weir.telemetry.ExchangeRecord;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.Set;

/** The way of an ordinary request. */
class ThinPathTest {

    private static final String CHAT =
            """
            {"model":"food-review","max_tokens":7,"messages":[{"role":"user","content":"How is the soup?"}]}\
            """;

    @Test
    void aServiceAnswersThroughTheGateway() throws Exception {
        try (TestServer server = TestServer.named("hello");
                Gateway gateway = Gateway.start(config().rule("/", service(server)));
                TestClient client = gateway.connect()) {
            client.get("/path?x=1");
            Wire.Message answer = client.read();

            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.text()).isEqualTo("hello");
            assertThat(answer.header("x-request-id")).hasSize(36);
            Wire.Message seen = server.requests().getFirst();
            assertThat(seen.start()).isEqualTo("GET /path?x=1 HTTP/1.1");
            assertThat(seen.header("host")).isEqualTo("example.com");
            assertThat(seen.header("x-forwarded-for")).isEqualTo("127.0.0.1");
            assertThat(seen.header("x-request-id")).isEqualTo(answer.header("x-request-id"));
        }
    }

    @Test
    void aConnectionServesManyRequestsOverOneUpstreamConnection() throws Exception {
        try (TestServer server = TestServer.named("hello");
                Gateway gateway = Gateway.start(config().rule("/", service(server)));
                TestClient client = gateway.connect()) {
            for (int i = 0; i < 10; i++) {
                client.post("/" + i, "{\"n\":" + i + "}");
                assertThat(client.read().text()).isEqualTo("hello");
            }
            assertThat(server.accepted()).isEqualTo(1);
            assertThat(server.requests()).hasSize(10);
            assertThat(server.requests().get(3).text()).isEqualTo("{\"n\":3}");
        }
    }

    @Test
    void theBodyDecidesWhichPoolAnswersAndThePickerKnowsTheRequest() throws Exception {
        Config config =
                config().baseModelRule("llama", pool("llama"))
                        .baseModelRule("deepseek", pool("deepseek"))
                        .baseModels(
                                new BaseModels(Map.of("food-review", "llama"), Set.of("deepseek")));
        try (TestServer llama = TestServer.named("llama");
                TestServer deepseek = TestServer.named("deepseek");
                Gateway gateway = Gateway.start(config);
                TestClient client = gateway.connect()) {
            FakePicker picker = gateway.pool("llama", llama);
            gateway.pool("deepseek", deepseek);

            client.post("/v1/chat/completions", CHAT);
            assertThat(client.read().text()).isEqualTo("llama");
            client.post("/v1/chat/completions", CHAT.replace("food-review", "deepseek"));
            assertThat(client.read().text()).isEqualTo("deepseek");

            Wire.Message seen = llama.requests().getFirst();
            assertThat(seen.text()).isEqualTo(CHAT);
            assertThat(seen.header("x-gateway-model-name")).isEqualTo("food-review");
            assertThat(seen.header("x-gateway-base-model-name")).isEqualTo("llama");
            assertThat(picker.asked())
                    .containsExactly(
                            new FakePicker.Asked(
                                    "food-review",
                                    false,
                                    "How is the soup?",
                                    7,
                                    0,
                                    "default-flow",
                                    null));
            assertThat(picker.ends()).containsExactly(Reservation.End.COMPLETED);
            ExchangeRecord record = gateway.record();
            assertThat(record.model).isEqualTo("food-review");
            assertThat(record.status).isEqualTo(200);
            assertThat(record.attempts).isEqualTo(1);
        }
    }

    @Test
    void aModelThatNoRouteKnowsIsNotFound() throws Exception {
        Config config =
                config().baseModelRule("llama", pool("llama"))
                        .baseModels(new BaseModels(Map.of(), Set.of("llama")));
        try (Gateway gateway = Gateway.start(config);
                TestClient client = gateway.connect()) {
            client.post("/v1/chat/completions", CHAT);
            Wire.Message answer = client.read();

            assertThat(answer.status()).isEqualTo(404);
            assertThat(answer.text()).contains("food-review").contains("model_not_found");
        }
    }

    @Test
    void aRewriteChangesTheModelAndNothingElse() throws Exception {
        var rule =
                new ModelRewrites.Rule(
                        Config.poolKey("rewrite"), WeightedChoice.equal(List.of("food-review-v2")));
        var rewrites = new ModelRewrites(Map.of("food-review", rule), null);
        try (TestServer server = TestServer.named("ok");
                Gateway gateway =
                        Gateway.start(config().rule("/", pool("llama", rewrites, Map.of())));
                TestClient client = gateway.connect()) {
            FakePicker picker = gateway.pool("llama", server);

            client.post("/v1/chat/completions", CHAT);
            assertThat(client.read().status()).isEqualTo(200);

            String expected = CHAT.replace("food-review", "food-review-v2");
            Wire.Message seen = server.requests().getFirst();
            assertThat(seen.text()).isEqualTo(expected);
            assertThat(seen.header("content-length")).isEqualTo("" + expected.length());
            assertThat(picker.asked().getFirst().model()).isEqualTo("food-review-v2");
            assertThat(picker.asked().getFirst().rewritten()).isTrue();
        }
    }

    @Test
    void anEventStreamArrivesChunkByChunkAndItsUsageIsRead() throws Exception {
        TestServer.Responder responder =
                (_, connection) -> {
                    connection.beginChunked("text/event-stream");
                    connection.chunk("data: {\"n\":1}\n\n");
                    Thread.sleep(50);
                    connection.chunk("data: {\"n\":2}\n\n");
                    Thread.sleep(50);
                    connection.chunk(
                            """
                            data: {"usage":{"prompt_tokens":5,"completion_tokens":2,"total_tokens":7}}

                            data: [DONE]

                            """);
                    connection.endChunked();
                };
        try (TestServer server = TestServer.answering(responder);
                Gateway gateway = Gateway.start(config().rule("/", pool("llama")));
                TestClient client = gateway.connect()) {
            FakePicker picker = gateway.pool("llama", server);

            client.post("/v1/chat/completions", CHAT);
            Wire.Message answer = client.read();

            assertThat(answer.text()).startsWith("data: {\"n\":1}\n\ndata: {\"n\":2}\n\n");
            assertThat(answer.chunks()).hasSize(3);
            ExchangeRecord record = gateway.record();
            assertThat(record.streamed).isTrue();
            assertThat(record.streamEvents).isEqualTo(3);
            assertThat(record.usage).isEqualTo(new Usage(5, 2, 7, -1));
            assertThat(picker.tokens()).containsExactly(2L);
        }
    }
}
