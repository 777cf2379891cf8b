package io.weir.kubernetes.embedded.object;

import com.fasterxml.jackson.databind.JsonNode;

import java.util.Collection;
import java.util.stream.Collectors;

/**
 * One thing that is wrong with one field of an object, in the words that Kubernetes users know.
 *
 * @param reason what is wrong, as a machine reads it
 * @param field for instance {@code spec.rules[0].backendRefs[1].weight}
 * @param message what is wrong, as a person reads it; without the field
 */
public record FieldError(Reason reason, String field, String message) {

    /** The machine-readable causes of a 422 answer. */
    public enum Reason {
        REQUIRED("FieldValueRequired"),
        INVALID("FieldValueInvalid"),
        TYPE("FieldValueTypeInvalid"),
        NOT_SUPPORTED("FieldValueNotSupported"),
        DUPLICATE("FieldValueDuplicate"),
        FORBIDDEN("FieldValueForbidden"),
        TOO_LONG("FieldValueTooLong"),
        TOO_MANY("FieldValueTooMany");

        private final String wire;

        Reason(String wire) {
            this.wire = wire;
        }

        /** Returns the name in a Status object. */
        public String wire() {
            return wire;
        }
    }

    public static FieldError required(String field, String detail) {
        return new FieldError(Reason.REQUIRED, field, join("Required value", detail));
    }

    public static FieldError invalid(String field, Object value, String detail) {
        return new FieldError(Reason.INVALID, field, join("Invalid value: " + show(value), detail));
    }

    public static FieldError wrongType(String field, String actual, String expected) {
        String detail = "%s in body must be of type %s: \"%s\"".formatted(field, expected, actual);
        return new FieldError(
                Reason.TYPE, field, join("Invalid value: \"" + actual + "\"", detail));
    }

    public static FieldError notSupported(
            String field, Object value, Collection<String> supported) {
        String values =
                supported.stream()
                        .map(text -> "\"" + text + "\"")
                        .collect(Collectors.joining(", "));
        String message = "Unsupported value: " + show(value) + ": supported values: " + values;
        return new FieldError(Reason.NOT_SUPPORTED, field, message);
    }

    public static FieldError duplicate(String field, Object value) {
        return new FieldError(Reason.DUPLICATE, field, "Duplicate value: " + show(value));
    }

    public static FieldError forbidden(String field, String detail) {
        return new FieldError(Reason.FORBIDDEN, field, join("Forbidden", detail));
    }

    public static FieldError tooLong(String field, int limit) {
        String message = "Too long: may not be more than " + limit + " bytes";
        return new FieldError(Reason.TOO_LONG, field, message);
    }

    public static FieldError tooMany(String field, int count, int limit) {
        String message = "Too many: " + count + ": must have at most " + limit + " items";
        return new FieldError(Reason.TOO_MANY, field, message);
    }

    /** Returns for instance {@code spec.replicas: Invalid value: -1: must be at least 0}. */
    @Override
    public String toString() {
        return field + ": " + message;
    }

    private static String join(String head, String detail) {
        return detail.isEmpty() ? head : head + ": " + detail;
    }

    private static String show(Object value) {
        return switch (value) {
            case String text -> "\"" + text + "\"";
            case JsonNode node -> shorten(node.toString());
            default -> value.toString();
        };
    }

    private static String shorten(String text) {
        return text.length() <= 500 ? text : text.substring(0, 500) + "...";
    }
}
