package io.weir.simulator.wire;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Reads values of the expected type, or says what was expected. */
final class Values {

    private Values() {}

    static void require(boolean valid, String field, String expected) throws RequestException {
        if (!valid) {
            throw RequestException.invalid("`" + field + "` must be " + expected + ".", field);
        }
    }

    static String string(String field, JsonParser value) throws IOException, RequestException {
        require(value.currentToken() == JsonToken.VALUE_STRING, field, "a string");
        return value.getText();
    }

    static boolean bool(String field, JsonParser value) throws IOException, RequestException {
        require(value.currentToken().isBoolean(), field, "true or false");
        return value.getBooleanValue();
    }

    static long number(String field, JsonParser value) throws IOException, RequestException {
        boolean integer = value.currentToken() == JsonToken.VALUE_NUMBER_INT;
        require(
                integer && value.getNumberType() != JsonParser.NumberType.BIG_INTEGER,
                field,
                "an integer");
        return value.getLongValue();
    }

    static int count(String field, JsonParser value, int min) throws IOException, RequestException {
        long number = number(field, value);
        require(number >= min, field, "at least " + min);
        return (int) Math.min(number, Integer.MAX_VALUE);
    }

    /** Reads a string or a list of strings. */
    static List<String> strings(String field, JsonParser value)
            throws IOException, RequestException {
        if (value.currentToken() == JsonToken.VALUE_STRING) {
            return List.of(value.getText());
        }
        require(value.currentToken() == JsonToken.START_ARRAY, field, "a string or a list");
        List<String> strings = new ArrayList<>();
        while (value.nextToken() != JsonToken.END_ARRAY) {
            strings.add(string(field, value));
        }
        return strings;
    }
}
