package io.weir.kubernetes.embedded.schema.rule;

import com.fasterxml.jackson.databind.JsonNode;

import dev.cel.common.values.CelByteString;
import dev.cel.common.values.NullValue;

import io.weir.kubernetes.embedded.schema.Schema;

import org.jspecify.annotations.Nullable;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Turns values of a tree into values of CEL, as their schema types them. */
final class CelValues {

    private static final Set<String> KEYWORDS =
            Set.of(
                    "true",
                    "false",
                    "null",
                    "in",
                    "as",
                    "break",
                    "const",
                    "continue",
                    "else",
                    "for",
                    "function",
                    "if",
                    "import",
                    "let",
                    "loop",
                    "package",
                    "namespace",
                    "return");

    private CelValues() {}

    static Object of(@Nullable Schema schema, JsonNode value) {
        return switch (value.getNodeType()) {
            case OBJECT -> members(schema, value);
            case ARRAY -> items(schema, value);
            case STRING -> text(schema, value.textValue());
            case BOOLEAN -> value.booleanValue();
            case NUMBER -> number(schema, value);
            default -> NullValue.NULL_VALUE;
        };
    }

    private static Map<String, Object> members(@Nullable Schema schema, JsonNode value) {
        Map<String, Object> members = new LinkedHashMap<>();
        boolean map = schema != null && schema.isMap();
        for (var entry : value.properties()) {
            String name = entry.getKey();
            Schema member = schema == null ? null : schema.member(name);
            members.put(map ? name : escape(name), of(member, entry.getValue()));
        }
        return members;
    }

    private static List<Object> items(@Nullable Schema schema, JsonNode value) {
        List<Object> items = new ArrayList<>(value.size());
        for (JsonNode item : value) {
            items.add(of(schema == null ? null : schema.items(), item));
        }
        return items;
    }

    private static Object number(@Nullable Schema schema, JsonNode value) {
        boolean fraction = schema != null && schema.type() == Schema.Type.NUMBER;
        return value.isIntegralNumber() && !fraction ? value.longValue() : value.doubleValue();
    }

    private static Object text(@Nullable Schema schema, String text) {
        if (schema == null || schema.limits().format().isEmpty()) {
            return text;
        }
        try {
            return switch (schema.limits().format()) {
                case "byte" -> CelByteString.of(Base64.getDecoder().decode(text));
                case "date-time" -> OffsetDateTime.parse(text).toInstant();
                case "duration" -> duration(text);
                default -> text;
            };
        } catch (IllegalArgumentException | DateTimeException e) {
            return text;
        }
    }

    /** Reads Go's form of durations, as in {@code 1h30m} or {@code 1.5s}. */
    static Duration duration(String text) {
        String rest = text.startsWith("-") ? text.substring(1) : text;
        Duration sum = Duration.ZERO;
        int at = 0;
        while (at < rest.length()) {
            int unitAt = at;
            while (unitAt < rest.length() && "0123456789.".indexOf(rest.charAt(unitAt)) >= 0) {
                unitAt++;
            }
            int next = unitAt;
            while (next < rest.length() && Character.isLetter(rest.charAt(next))) {
                next++;
            }
            double count = Double.parseDouble(rest.substring(at, unitAt));
            sum = sum.plusNanos(Math.round(count * nanos(rest.substring(unitAt, next))));
            at = next;
        }
        return text.startsWith("-") ? sum.negated() : sum;
    }

    private static long nanos(String unit) {
        return switch (unit) {
            case "h" -> 3_600_000_000_000L;
            case "m" -> 60_000_000_000L;
            case "s" -> 1_000_000_000L;
            case "ms" -> 1_000_000L;
            case "us", "µs", "μs" -> 1_000L;
            default -> 1L;
        };
    }

    /** Writes a member's name so that it can be selected with a dot. */
    private static String escape(String name) {
        if (KEYWORDS.contains(name)) {
            return "__" + name + "__";
        }
        if (name.indexOf('-') < 0
                && name.indexOf('.') < 0
                && name.indexOf('/') < 0
                && !name.contains("__")) {
            return name;
        }
        return name.replace("__", "__underscores__")
                .replace(".", "__dot__")
                .replace("-", "__dash__")
                .replace("/", "__slash__");
    }
}
