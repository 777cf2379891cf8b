package io.weir.simulator.wire;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Reads {@code prompt}: a string, a list of strings, a list of tokens or a list of such lists. */
final class Prompts {

    private Prompts() {}

    static List<Prompt> read(String field, JsonParser value) throws IOException, RequestException {
        if (value.currentToken() == JsonToken.VALUE_STRING) {
            return List.of(new Prompt.Text(value.getText()));
        }
        Values.require(
                value.currentToken() == JsonToken.START_ARRAY,
                field,
                "a string, a list of strings or a list of tokens");
        if (value.nextToken() == JsonToken.VALUE_NUMBER_INT) {
            return List.of(new Prompt.Ids(tokens(field, value)));
        }
        List<Prompt> prompts = new ArrayList<>();
        for (; value.currentToken() != JsonToken.END_ARRAY; value.nextToken()) {
            if (value.currentToken() == JsonToken.START_ARRAY) {
                value.nextToken();
                prompts.add(new Prompt.Ids(tokens(field, value)));
            } else {
                prompts.add(new Prompt.Text(Values.string(field, value)));
            }
        }
        return prompts;
    }

    /** Reads numbers from the current token on, up to the end of their list. */
    private static int[] tokens(String field, JsonParser value)
            throws IOException, RequestException {
        int[] tokens = new int[16];
        int count = 0;
        for (; value.currentToken() != JsonToken.END_ARRAY; value.nextToken()) {
            if (count == tokens.length) {
                tokens = Arrays.copyOf(tokens, 2 * count);
            }
            long token = Values.number(field, value);
            Values.require(token >= 0 && token <= 0xffff_ffffL, field, "made of 32-bit tokens");
            tokens[count++] = (int) token;
        }
        Values.require(count > 0, field, "not empty");
        return Arrays.copyOf(tokens, count);
    }
}
