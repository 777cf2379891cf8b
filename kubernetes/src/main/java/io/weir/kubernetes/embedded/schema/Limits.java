package io.weir.kubernetes.embedded.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.re2j.Pattern;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.util.List;

/**
 * What bounds a value besides its type. A null or negative bound is none.
 *
 * @param allowed the only values; empty for no such list
 * @param format for instance {@code date-time}; empty for none
 * @param pattern what a string must contain
 * @param minLength smallest length of a string in code points
 * @param maxLength largest length of a string in code points
 * @param minimum smallest number
 * @param maximum largest number
 * @param exclusiveMinimum whether the smallest number itself is refused
 * @param exclusiveMaximum whether the largest number itself is refused
 * @param multipleOf what a number must be a multiple of
 * @param minItems smallest number of items
 * @param maxItems largest number of items
 * @param uniqueItems whether equal items are refused
 * @param minProperties smallest number of members
 * @param maxProperties largest number of members
 */
public record Limits(
        List<JsonNode> allowed,
        String format,
        @Nullable Pattern pattern,
        int minLength,
        int maxLength,
        @Nullable BigDecimal minimum,
        @Nullable BigDecimal maximum,
        boolean exclusiveMinimum,
        boolean exclusiveMaximum,
        @Nullable BigDecimal multipleOf,
        int minItems,
        int maxItems,
        boolean uniqueItems,
        int minProperties,
        int maxProperties) {

    static final Limits NONE =
            new Limits(
                    List.of(), "", null, -1, -1, null, null, false, false, null, -1, -1, false, -1,
                    -1);

    /** Returns whether nothing is bounded. */
    boolean isNone() {
        return equals(NONE);
    }

    static Limits read(JsonNode node) {
        Limits limits =
                new Limits(
                        allowed(node),
                        node.path("format").asText(""),
                        pattern(node.path("pattern").asText("")),
                        count(node, "minLength"),
                        count(node, "maxLength"),
                        number(node, "minimum"),
                        number(node, "maximum"),
                        node.path("exclusiveMinimum").asBoolean(false),
                        node.path("exclusiveMaximum").asBoolean(false),
                        number(node, "multipleOf"),
                        count(node, "minItems"),
                        count(node, "maxItems"),
                        node.path("uniqueItems").asBoolean(false),
                        count(node, "minProperties"),
                        count(node, "maxProperties"));
        return limits.equals(NONE) ? NONE : limits;
    }

    private static List<JsonNode> allowed(JsonNode node) {
        return node.path("enum").valueStream().toList();
    }

    private static @Nullable Pattern pattern(String text) {
        return text.isEmpty() ? null : Pattern.compile(text);
    }

    private static int count(JsonNode node, String key) {
        return node.path(key).asInt(-1);
    }

    private static @Nullable BigDecimal number(JsonNode node, String key) {
        return node.path(key).isNumber() ? node.path(key).decimalValue() : null;
    }
}
