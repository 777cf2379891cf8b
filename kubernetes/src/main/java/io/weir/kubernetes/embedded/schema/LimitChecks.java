package io.weir.kubernetes.embedded.schema;

import com.fasterxml.jackson.databind.JsonNode;

import io.weir.kubernetes.embedded.object.FieldError;

import java.math.BigDecimal;
import java.util.List;

/** Lengths, ranges, patterns, formats and enumerations. */
final class LimitChecks {

    private static final BigDecimal INT32_MIN = BigDecimal.valueOf(Integer.MIN_VALUE);
    private static final BigDecimal INT32_MAX = BigDecimal.valueOf(Integer.MAX_VALUE);

    private LimitChecks() {}

    static void check(Schema schema, JsonNode value, FieldPath path, List<FieldError> errors) {
        Limits limits = schema.limits();
        if (limits.isNone()) {
            return;
        }
        if (!limits.allowed().isEmpty() && !limits.allowed().contains(value)) {
            List<String> supported = limits.allowed().stream().map(JsonNode::asText).toList();
            errors.add(FieldError.notSupported(path.toString(), plain(value), supported));
            return;
        }
        switch (value.getNodeType()) {
            case STRING -> checkText(limits, value.textValue(), path, errors);
            case NUMBER -> checkNumber(limits, value, path, errors);
            case ARRAY -> checkItems(limits, value, path, errors);
            case OBJECT -> checkMembers(limits, value, path, errors);
            default -> {}
        }
    }

    private static void checkText(
            Limits limits, String text, FieldPath path, List<FieldError> errors) {
        int length = text.codePointCount(0, text.length());
        if (limits.maxLength() >= 0 && length > limits.maxLength()) {
            errors.add(FieldError.tooLong(path.toString(), limits.maxLength()));
        }
        if (length < limits.minLength()) {
            String detail = "should be at least " + limits.minLength() + " chars long";
            errors.add(invalid(path, text, detail));
        }
        var pattern = limits.pattern();
        if (pattern != null && !pattern.matcher(text).find()) {
            errors.add(invalid(path, text, "should match '" + pattern.pattern() + "'"));
        }
        if (!limits.format().isEmpty() && !Formats.matches(limits.format(), text)) {
            String detail = "must be of type %s: \"%s\"".formatted(limits.format(), text);
            errors.add(invalid(path, text, detail));
        }
    }

    private static void checkNumber(
            Limits limits, JsonNode value, FieldPath path, List<FieldError> errors) {
        BigDecimal number = value.decimalValue();
        BigDecimal minimum = limits.minimum();
        if (minimum != null && isBelow(number, minimum, limits.exclusiveMinimum())) {
            String than = limits.exclusiveMinimum() ? "greater than " : "greater than or equal to ";
            errors.add(invalid(path, value, "should be " + than + minimum.toPlainString()));
        }
        BigDecimal maximum = limits.maximum();
        if (maximum != null && isBelow(maximum, number, limits.exclusiveMaximum())) {
            String than = limits.exclusiveMaximum() ? "less than " : "less than or equal to ";
            errors.add(invalid(path, value, "should be " + than + maximum.toPlainString()));
        }
        BigDecimal step = limits.multipleOf();
        if (step != null && number.remainder(step).signum() != 0) {
            errors.add(invalid(path, value, "should be a multiple of " + step.toPlainString()));
        }
        if (limits.format().equals("int32")
                && (number.compareTo(INT32_MIN) < 0 || number.compareTo(INT32_MAX) > 0)) {
            errors.add(invalid(path, value, "must be of type int32"));
        }
    }

    private static boolean isBelow(BigDecimal number, BigDecimal bound, boolean exclusive) {
        return exclusive ? number.compareTo(bound) <= 0 : number.compareTo(bound) < 0;
    }

    private static void checkItems(
            Limits limits, JsonNode value, FieldPath path, List<FieldError> errors) {
        if (limits.maxItems() >= 0 && value.size() > limits.maxItems()) {
            errors.add(FieldError.tooMany(path.toString(), value.size(), limits.maxItems()));
        }
        if (value.size() < limits.minItems()) {
            String detail = "should have at least " + limits.minItems() + " items";
            errors.add(invalid(path, value.size(), detail));
        }
    }

    private static void checkMembers(
            Limits limits, JsonNode value, FieldPath path, List<FieldError> errors) {
        if (limits.maxProperties() >= 0 && value.size() > limits.maxProperties()) {
            errors.add(FieldError.tooMany(path.toString(), value.size(), limits.maxProperties()));
        }
        if (value.size() < limits.minProperties()) {
            String detail = "should have at least " + limits.minProperties() + " properties";
            errors.add(invalid(path, value.size(), detail));
        }
    }

    private static FieldError invalid(FieldPath path, Object value, String rule) {
        return FieldError.invalid(path.toString(), value, path + " in body " + rule);
    }

    private static Object plain(JsonNode value) {
        return value.isTextual() ? value.textValue() : value;
    }
}
