package io.weir.body;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads bodies with Jackson and says what the scanner should have found. */
final class Oracle {

    private static final ObjectMapper JACKSON =
            new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private static final Set<String> READ_KEYS =
            Set.of(
                    "model",
                    "stream",
                    "stream_options",
                    "max_completion_tokens",
                    "max_tokens",
                    "max_output_tokens",
                    "user",
                    "cache_salt",
                    "tools",
                    "messages",
                    "prompt",
                    "input",
                    "instructions",
                    "system");
    private static final List<String> PROMPT_KEYS =
            List.of("messages", "prompt", "input", "instructions", "system");
    private static final Set<String> TEXT_KEYS =
            Set.of(
                    "content",
                    "text",
                    "refusal",
                    "output",
                    "summary",
                    "thinking",
                    "reasoning",
                    "reasoning_content");
    private static final Set<String> ANY_TEXT_KEYS = Set.of("arguments", "input");
    private static final Set<String> MEDIA_KEYS = Set.of("image_url", "source", "data", "file");

    private Oracle() {}

    /** Returns the tree; null when the bytes aren't one strict JSON object in UTF-8. */
    static @Nullable JsonNode read(byte[] body) {
        try {
            // Jackson tolerates some malformed UTF-8, a byte order mark, and UTF-16 (by its NULs).
            String text =
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .onMalformedInput(CodingErrorAction.REPORT)
                            .decode(ByteBuffer.wrap(body))
                            .toString();
            if (text.startsWith("\ufeff") || text.indexOf('\0') >= 0) {
                return null;
            }
            JsonNode tree = JACKSON.readTree(body);
            return tree.isObject() ? tree : null;
        } catch (IOException e) {
            return null;
        }
    }

    /** Returns whether a well-formed body must be refused for what it says. */
    static boolean isAmbiguous(byte[] body) throws IOException {
        try (JsonParser parser = JACKSON.createParser(body)) {
            parser.nextToken();
            return isAmbiguous(parser, READ_KEYS);
        }
    }

    /** Goes through one object. */
    private static boolean isAmbiguous(JsonParser parser, Set<String> keys) throws IOException {
        Set<String> seen = new HashSet<>();
        boolean ambiguous = false;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String key = parser.currentName();
            JsonToken value = parser.nextToken();
            ambiguous |= keys.contains(key) && !seen.add(key);
            ambiguous |= keys.contains("model") && key.equals("model") && !isModel(parser);
            if (key.equals("stream_options") && value == JsonToken.START_OBJECT) {
                ambiguous |= isAmbiguous(parser, Set.of("include_usage"));
            } else {
                parser.skipChildren();
            }
        }
        return ambiguous;
    }

    private static boolean isModel(JsonParser parser) throws IOException {
        if (parser.currentToken() != JsonToken.VALUE_STRING) {
            return parser.currentToken() == JsonToken.VALUE_NULL;
        }
        return parser.getText().codePoints().noneMatch(c -> isControl(c) || isSurrogate(c));
    }

    private static boolean isControl(int c) {
        return c < 0x20 || c == 0x7f;
    }

    private static boolean isSurrogate(int c) {
        return c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
    }

    static @Nullable String model(JsonNode body) {
        JsonNode model = body.path("model");
        return model.isTextual() && !model.asText().isEmpty() ? model.asText() : null;
    }

    static long maxTokens(JsonNode body) {
        for (String key : List.of("max_completion_tokens", "max_tokens", "max_output_tokens")) {
            JsonNode value = body.path(key);
            if (value.isIntegralNumber() && value.bigIntegerValue().signum() >= 0) {
                return value.bigIntegerValue()
                        .min(BigInteger.valueOf(Integer.MAX_VALUE))
                        .longValue();
            }
        }
        return -1;
    }

    /** Returns the decoded text of the prompt, in document order, without token numbers. */
    static List<String> promptTexts(JsonNode body) {
        List<String> texts = new ArrayList<>();
        for (Map.Entry<String, JsonNode> member : body.properties()) {
            if (PROMPT_KEYS.contains(member.getKey())) {
                collect(member.getValue(), true, false, texts);
            }
        }
        return texts;
    }

    private static void collect(JsonNode node, boolean isText, boolean all, List<String> texts) {
        if (node.isTextual() && (isText || all) && !node.asText().isEmpty()) {
            texts.add(node.asText());
        }
        if (node.isArray()) {
            node.forEach(element -> collect(element, isText, all, texts));
        }
        for (Map.Entry<String, JsonNode> member : node.properties()) {
            String key = member.getKey();
            if (all || !MEDIA_KEYS.contains(key)) {
                boolean any = all || ANY_TEXT_KEYS.contains(key);
                collect(member.getValue(), TEXT_KEYS.contains(key), any, texts);
            }
        }
    }

    /** Decodes the inside of a JSON string. */
    static String decode(String inside) {
        try {
            return JACKSON.readTree('"' + inside + '"').asText();
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(inside, e);
        }
    }
}
