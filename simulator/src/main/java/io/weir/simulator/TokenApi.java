package io.weir.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.weir.simulator.http.Exchange;
import io.weir.simulator.http.HttpRequest;
import io.weir.simulator.text.Tokens;
import io.weir.simulator.wire.Prompt;
import io.weir.simulator.wire.RequestException;
import io.weir.simulator.wire.RequestReader;

/** {@code /tokenize} and {@code /detokenize}. */
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
