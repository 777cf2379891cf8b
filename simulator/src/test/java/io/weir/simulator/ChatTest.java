package io.weir.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import java.net.http.HttpResponse;
import java.util.List;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ChatTest {

    private static final String QUESTION =
            "\"model\":\"llama\",\"messages\":[{\"role\":\"user\",\"content\":\"Who are you?\"}]";

    private final SimulatorHost host = new SimulatorHost(1);
    private Client client;

    @BeforeAll
    void start() throws Exception {
        SimulatorConfig config = SimulatorConfig.of("pod-7", "llama").withAdapters("food-review-1");
        client = new Client(host.start(config));
    }

    @AfterAll
    void stop() {
        client.close();
        host.close();
    }

    @Test
    void answersInFormOfVllm() throws Exception {
        HttpResponse<String> response = client.chat("{" + QUESTION + "}");
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("content-type")).hasValue("application/json");
        JsonNode body = Client.json(response);
        assertThat(body.path("object").asText()).isEqualTo("chat.completion");
        assertThat(body.path("id").asText()).startsWith("chatcmpl-");
        assertThat(body.path("model").asText()).isEqualTo("llama");
        JsonNode choice = body.path("choices").path(0);
        assertThat(choice.path("message").path("role").asText()).isEqualTo("assistant");
        assertThat(choice.path("message").path("content").asText())
                .startsWith("I am llama, simulated by pod-7.");
        assertThat(choice.path("finish_reason").asText()).isEqualTo("stop");
        assertThat(body.path("system_fingerprint").isNull()).isTrue();
    }

    @Test
    void countsTokensOfPromptAndAnswer() throws Exception {
        JsonNode usage =
                Client.json(client.chat("{" + QUESTION + ",\"max_tokens\":5}")).path("usage");
        // "Who are you?" is 3 tokens between a mark for the user, one for the end and one for the
        // model's turn
        assertThat(usage.path("prompt_tokens").asInt()).isEqualTo(6);
        assertThat(usage.path("completion_tokens").asInt()).isEqualTo(5);
        assertThat(usage.path("total_tokens").asInt()).isEqualTo(11);
        assertThat(usage.path("prompt_tokens_details").path("cached_tokens").isInt()).isTrue();
    }

    @Test
    void saysWhichServerAnswered() throws Exception {
        HttpResponse<String> response = client.chat("{" + QUESTION + "}", "x-request-id", "abc-1");
        assertThat(response.headers().firstValue("x-inference-pod")).hasValue("pod-7");
        assertThat(response.headers().firstValue("x-inference-namespace")).hasValue("default");
        assertThat(response.headers().firstValue("x-inference-port"))
                .hasValue(Integer.toString(response.uri().getPort()));
        assertThat(response.headers().firstValue("x-request-id")).hasValue("abc-1");
        assertThat(Client.json(response).path("id").asText()).isEqualTo("chatcmpl-abc-1");
    }

    @Test
    void streamsTokenByTokenWithFinishReasonInTheLastOne() throws Exception {
        HttpResponse<String> response =
                client.chat(
                        "{"
                                + QUESTION
                                + ",\"stream\":true,\"max_tokens\":7,"
                                + "\"stream_options\":{\"include_usage\":true}}");
        assertThat(response.headers().firstValue("content-type"))
                .hasValue("text/event-stream; charset=utf-8");
        List<String> data = Client.data(response);
        assertThat(data).hasSize(1 + 7 + 1 + 1).last().isEqualTo("[DONE]");
        JsonNode first = Client.json(data.getFirst());
        assertThat(first.path("object").asText()).isEqualTo("chat.completion.chunk");
        assertThat(first.at("/choices/0/delta/role").asText()).isEqualTo("assistant");
        assertThat(first.at("/choices/0/finish_reason").isNull()).isTrue();
        StringBuilder text = new StringBuilder();
        for (String chunk : data.subList(1, 8)) {
            text.append(Client.json(chunk).at("/choices/0/delta/content").asText());
        }
        assertThat(text).hasToString("I am llama, simulated by pod");
        assertThat(Client.json(data.get(6)).at("/choices/0/finish_reason").isNull()).isTrue();
        assertThat(Client.json(data.get(7)).at("/choices/0/finish_reason").asText())
                .isEqualTo("length");
        JsonNode usage = Client.json(data.get(8));
        assertThat(usage.path("choices")).isEmpty();
        assertThat(usage.at("/usage/completion_tokens").asInt()).isEqualTo(7);
    }

    @Test
    void givesSeveralAnswers() throws Exception {
        JsonNode body = Client.json(client.chat("{" + QUESTION + ",\"n\":3,\"max_tokens\":4}"));
        assertThat(body.path("choices")).hasSize(3);
        assertThat(body.at("/choices/2/index").asInt()).isEqualTo(2);
        assertThat(body.at("/usage/completion_tokens").asInt()).isEqualTo(12);
        assertThat(body.at("/usage/prompt_tokens").asInt()).isEqualTo(6);
    }

    @Test
    void ignoringTheEndGoesOnToTheLimit() throws Exception {
        JsonNode body =
                Client.json(
                        client.chat("{" + QUESTION + ",\"ignore_eos\":true,\"max_tokens\":1000}"));
        assertThat(body.at("/usage/completion_tokens").asInt()).isEqualTo(1000);
        assertThat(body.at("/choices/0/finish_reason").asText()).isEqualTo("length");
    }

    @Test
    void adapterNamesItself() throws Exception {
        JsonNode body =
                Client.json(client.chat("{" + QUESTION.replace("llama", "food-review-1") + "}"));
        assertThat(body.path("model").asText()).isEqualTo("food-review-1");
        assertThat(body.at("/choices/0/message/content").asText())
                .startsWith("I am food-review-1,");
    }

    @Test
    void refusesUnknownModel() throws Exception {
        HttpResponse<String> response =
                client.chat("{" + QUESTION.replace("llama", "nobody") + "}");
        assertThat(response.statusCode()).isEqualTo(404);
        JsonNode error = Client.json(response).path("error");
        assertThat(error.path("message").asText()).isEqualTo("The model `nobody` does not exist.");
        assertThat(error.path("type").asText()).isEqualTo("NotFoundError");
        assertThat(error.path("code").asInt()).isEqualTo(404);
    }

    @Test
    void listsModelsWithTheirParents() throws Exception {
        JsonNode data = Client.json(client.get("/v1/models")).path("data");
        assertThat(data).hasSize(2);
        assertThat(data.at("/0/id").asText()).isEqualTo("llama");
        assertThat(data.at("/0/parent").isNull()).isTrue();
        assertThat(data.at("/1/id").asText()).isEqualTo("food-review-1");
        assertThat(data.at("/1/parent").asText()).isEqualTo("llama");
    }

    @Test
    void showsMetricsOfVllm() throws Exception {
        client.chat("{" + QUESTION + ",\"max_tokens\":5}");
        String metrics = client.get("/metrics").body();
        assertThat(metrics)
                .contains("vllm:num_requests_running{engine=\"0\",model_name=\"llama\"} 0.0")
                .contains("vllm:num_requests_waiting{engine=\"0\",model_name=\"llama\"} 0.0")
                .contains("vllm:kv_cache_usage_perc{engine=\"0\",model_name=\"llama\"} 0.0")
                .contains("block_size=\"16\"")
                .contains("running_lora_adapters=\"\"")
                .containsPattern(
                        "vllm:request_success_total\\{[^}]*finished_reason=\"length\"} [1-9]");
    }
}
