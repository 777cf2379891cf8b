package io.weir.app.journey;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.app.CommandFailure;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Map;

/** Several pools behind one address: the model in the body decides. */
class SeveralPoolsTest {

    private static final Map<String, String> DEPLOYMENTS =
            Map.of(
                    "meta-llama/Llama-3.1-8B-Instruct", "vllm-llama3-8b-instruct-",
                    "food-review-1", "vllm-llama3-8b-instruct-",
                    "deepseek/vllm-deepseek-r1", "vllm-deepseek-r1-",
                    "ski-resorts", "vllm-deepseek-r1-",
                    "movie-critique", "vllm-deepseek-r1-");

    @ParameterizedTest
    @ValueSource(strings = {"several-pools", "several-pools-policy"})
    void everyModelIsAnsweredByItsOwnPool(String example) throws CommandFailure {
        try (WeirRunner weir = WeirRunner.up("-f", WeirRunner.example(example).toString())) {
            DEPLOYMENTS.forEach((model, deployment) -> {
                for (Answer answer : new Answer[] {weir.chat(model), weir.completion(model)}) {
                    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
                    assertThat(answer.pod()).as(model).startsWith(deployment);
                    assertThat(answer.model()).isEqualTo(model);
                }
            });
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"several-pools", "several-pools-policy"})
    void anUnknownModelIsNotFoundInTheFormOfOpenAi(String example) throws CommandFailure {
        try (WeirRunner weir = WeirRunner.up("-f", WeirRunner.example(example).toString())) {
            Answer answer = weir.chat("nobody-has-this");

            assertThat(answer.status()).isEqualTo(404);
            assertThat(answer.json().path("error").path("message").asText())
                    .contains("nobody-has-this");
            assertThat(answer.json().path("error").path("type").asText())
                    .isEqualTo("NotFoundError");
            assertThat(answer.json().path("error").path("code").asText())
                    .isEqualTo("model_not_found");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"several-pools", "several-pools-policy"})
    void theListOfModelsNamesAllThatCanBeAskedFor(String example) throws CommandFailure {
        try (WeirRunner weir = WeirRunner.up("-f", WeirRunner.example(example).toString())) {
            Answer answer = weir.get("/v1/models");

            assertThat(answer.status()).as(answer.body()).isEqualTo(200);
            assertThat(answer.json().path("data").findValuesAsText("id"))
                    .containsExactlyInAnyOrderElementsOf(DEPLOYMENTS.keySet());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"several-pools", "several-pools-policy"})
    void aForgedHeaderDoesNotChooseThePool(String example) throws Exception {
        try (WeirRunner weir = WeirRunner.up("-f", WeirRunner.example(example).toString())) {
            Answer answer =
                    weir.post(
                            "/v1/chat/completions",
                            """
                            {"model": "ski-resorts",
                             "messages": [{"role": "user", "content": "Hello"}]}\
                            """,
                            "X-Gateway-Base-Model-Name",
                            "meta-llama/Llama-3.1-8B-Instruct");

            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.pod()).startsWith("vllm-deepseek-r1-");
        }
    }
}
