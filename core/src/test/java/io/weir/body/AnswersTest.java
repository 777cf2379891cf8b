package io.weir.body;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;

/** The bodies that the gateway writes itself. */
class AnswersTest {

    private static final ObjectMapper JACKSON = new ObjectMapper();

    @Test
    void anUnknownModelIsNamed() throws IOException {
        OpenAiError error = OpenAiError.modelNotFound("gpt-5");

        assertThat(error.status()).isEqualTo(404);
        assertThat(JACKSON.readTree(error.body()))
                .isEqualTo(
                        JACKSON.readTree(
                                """
                                {"error":{"message":"The model `gpt-5` does not exist.",
                                 "type":"NotFoundError","param":"model","code":"model_not_found"}}
                                """));
    }

    @ParameterizedTest
    @MethodSource
    void everyErrorHasItsStatusAndType(OpenAiError error, int status, String type)
            throws IOException {
        JsonNode body = JACKSON.readTree(error.body()).path("error");

        assertThat(error.status()).isEqualTo(status);
        assertThat(body.path("type").asText()).isEqualTo(type);
        assertThat(body.path("code").asInt()).isEqualTo(status);
        assertThat(body.path("message").asText()).isNotEmpty();
        assertThat(body.has("param")).isTrue();
    }

    static Stream<Object[]> everyErrorHasItsStatusAndType() {
        return Stream.of(
                new Object[] {OpenAiError.badRequest("no", "n"), 400, "BadRequestError"},
                new Object[] {OpenAiError.notFound("no"), 404, "NotFoundError"},
                new Object[] {OpenAiError.payloadTooLarge(1024), 413, "RequestTooLargeError"},
                new Object[] {
                    OpenAiError.unsupportedMediaType("no"), 415, "UnsupportedMediaTypeError"
                },
                new Object[] {OpenAiError.rateLimited("no"), 429, "RateLimitError"},
                new Object[] {OpenAiError.internal("no"), 500, "InternalServerError"},
                new Object[] {OpenAiError.upstreamFailure("no"), 502, "InternalServerError"},
                new Object[] {OpenAiError.noEndpoints("no"), 503, "InternalServerError"},
                new Object[] {OpenAiError.timeout("no"), 504, "InternalServerError"});
    }

    @Test
    void whatClientsSentIsEscapedAndCut() throws IOException {
        String model = "\"}\\\n\u0000\u007f中" + "😀".repeat(500);

        JsonNode error = JACKSON.readTree(OpenAiError.modelNotFound(model).body()).path("error");

        String message = error.path("message").asText();
        assertThat(message)
                .startsWith("The model `\"}\\\n\u0000\u007f中😀")
                .endsWith("…` does not exist.");
        assertThat(message.length()).isLessThan(240);
        assertThat(message).doesNotContain("\ufffd").doesNotContain("?");
    }

    @Test
    void aRefusedBodyTellsWhyAndWhich() throws IOException {
        BodyException refusal = refusal("{\"model\":1}");

        JsonNode error = JACKSON.readTree(OpenAiError.of(refusal).body()).path("error");

        assertThat(refusal.status()).isEqualTo(400);
        assertThat(error.path("param").asText()).isEqualTo("model");
        assertThat(error.path("message").asText())
                .isEqualTo("Request body is refused: 'model' must be a string");
    }

    @Test
    void listsModelsWithTheirParents() throws IOException {
        byte[] list =
                ModelList.render(
                        List.of(
                                new ModelList.Entry("org/base \"8B\"", null),
                                new ModelList.Entry("food-review-1", "org/base \"8B\"")),
                        1_732_000_000L);

        assertThat(JACKSON.readTree(list))
                .isEqualTo(
                        JACKSON.readTree(
                                """
                                {"object":"list","data":[
                                {"id":"org/base \\"8B\\"","object":"model","created":1732000000,
                                 "owned_by":"weir","root":"org/base \\"8B\\"","parent":null},
                                {"id":"food-review-1","object":"model","created":1732000000,
                                 "owned_by":"weir","root":"food-review-1",
                                 "parent":"org/base \\"8B\\""}]}
                                """));
        assertThat(JACKSON.readTree(ModelList.render(List.of(), 0)).path("data").size()).isZero();
    }

    private static BodyException refusal(String body) {
        try {
            throw new AssertionError(Bodies.scan(body));
        } catch (BodyException e) {
            return e;
        }
    }
}
