package io.weir.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.weir.simulator.http.Exchange;
import io.weir.simulator.http.HttpRequest;
import io.weir.simulator.text.Tokens;
import io.weir.simulator.wire.GenerationRequest;
import io.weir.simulator.wire.Prompt;
import io.weir.simulator.wire.RequestException;
import io.weir.simulator.wire.RequestReader;
import io.weir.simulator.wire.RequestReader.Api;

/** {@code /tokenize}, {@code /detokenize}, and what requests look like to the model. */
final class TokenApi {

    private static final long UNSIGNED = 0xffff_ffffL;

    private final SimulatorConfig config;
    private final RequestReader reader = new RequestReader();

    TokenApi(SimulatorConfig config) {
        this.config = config;
    }

    void tokenize(HttpRequest request, Exchange exchange) throws RequestException {
        Prompt prompt = reader.readPrompt(request.body(), request.bodyBytes());
        boolean strings = Replies.tree(request).path("return_token_strs").asBoolean(false);
        ObjectNode answer = Replies.object();
        ArrayNode tokens = answer.putArray("tokens");
        ArrayNode texts = strings ? answer.putArray("token_strs") : null;
        prompt.encode(token -> {
            tokens.add(token & UNSIGNED);
            if (texts != null) {
                texts.add(Tokens.decode(new int[] {token}));
            }
        });
        if (texts == null) {
            answer.putNull("token_strs");
        }
        answer.put("count", tokens.size()).put("max_model_len", config.maxModelTokens());
        Replies.json(exchange, answer);
    }

    /** Answers with the tokens of a conversation. */
    void renderChat(HttpRequest request, Exchange exchange) throws RequestException {
        Replies.json(exchange, rendered(reader.readPrompt(request.body(), request.bodyBytes())));
    }

    /** Answers with the tokens of each text. */
    void renderPrompts(HttpRequest request, Exchange exchange) throws RequestException {
        ArrayNode answer = JsonNodeFactory.instance.arrayNode();
        GenerationRequest read = reader.read(Api.COMPLETIONS, request.body(), request.bodyBytes());
        read.prompts().forEach(prompt -> answer.add(rendered(prompt)));
        Replies.json(exchange, answer);
    }

    private static ObjectNode rendered(Prompt prompt) {
        ObjectNode answer = Replies.object();
        ArrayNode tokens = answer.putArray("token_ids");
        prompt.encode(token -> tokens.add(token & UNSIGNED));
        return answer.putNull("features");
    }

    void detokenize(HttpRequest request, Exchange exchange) throws RequestException {
        JsonNode tokens = Replies.tree(request).path("tokens");
        if (!tokens.isArray()) {
            throw RequestException.invalid("`tokens` must be a list of tokens.", "tokens");
        }
        int[] numbers = new int[tokens.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = number(tokens.get(i));
        }
        Replies.json(exchange, Replies.object().put("prompt", Tokens.decode(numbers)));
    }

    private static int number(JsonNode token) throws RequestException {
        long number = token.canConvertToLong() ? token.longValue() : -1;
        if (number < 0 || number > UNSIGNED) {
            throw RequestException.invalid("`tokens` must be made of 32-bit tokens.", "tokens");
        }
        return (int) number;
    }
}
