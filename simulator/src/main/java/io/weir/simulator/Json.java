package io.weir.simulator;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** JSON in and out. */
final class Json {

    /** Prompts are as long as the body limit allows, not as long as the JSON library thinks. */
    private static final StreamReadConstraints LONG_PROMPTS =
            StreamReadConstraints.builder().maxStringLength(Integer.MAX_VALUE).build();

    private final ObjectMapper mapper =
            new ObjectMapper(JsonFactory.builder().streamReadConstraints(LONG_PROMPTS).build());

    /** Reads a request body; anything but an object is refused. */
    ObjectNode object(byte[] body) throws HttpError {
        try {
            JsonNode tree = mapper.readTree(body);
            if (tree instanceof ObjectNode object) {
                return object;
            }
            throw HttpError.badRequest("the body must be a JSON object", null);
        } catch (IOException e) {
            throw HttpError.badRequest("the body is not valid JSON: " + firstLine(e), null);
        }
    }

    private static String firstLine(IOException e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }

    ObjectNode newObject() {
        return mapper.createObjectNode();
    }

    byte[] bytes(JsonNode tree) {
        try {
            return mapper.writeValueAsBytes(tree);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Returns text in quotes. */
    static String quoted(String text) {
        return "\"" + new String(JsonStringEncoder.getInstance().quoteAsString(text)) + "\"";
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
