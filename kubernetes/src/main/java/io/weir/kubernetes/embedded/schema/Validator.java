package io.weir.kubernetes.embedded.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.weir.kubernetes.embedded.object.FieldError;

import java.util.ArrayList;
import java.util.List;

/** Checks a value against its schema and collects everything that is wrong with it. */
public final class Validator {

    private static final int MAX_ERRORS = 100;

    private final List<FieldError> errors = new ArrayList<>();

    private Validator() {}

    /** Returns what is wrong with the value, in document order; empty when nothing is. */
    public static List<FieldError> validate(Schema schema, JsonNode value, FieldPath path) {
        Validator validator = new Validator();
        validator.check(schema, value, path);
        return validator.errors;
    }

    private void check(Schema schema, JsonNode value, FieldPath path) {
        if (errors.size() >= MAX_ERRORS || (value.isNull() && schema.nullable())) {
            return;
        }
        if (!hasType(schema.type(), value)) {
            errors.add(FieldError.wrongType(path.toString(), typeOf(value), expected(schema)));
            return;
        }
        switch (value) {
            case ObjectNode object -> checkObject(schema, object, path);
            case ArrayNode array -> checkArray(schema, array, path);
            default -> {}
        }
        LimitChecks.check(schema, value, path, errors);
        if (!schema.logic().isEmpty()) {
            checkLogic(schema.logic(), value, path);
        }
    }

    private void checkObject(Schema schema, ObjectNode object, FieldPath path) {
        for (String name : schema.required()) {
            if (!object.has(name)) {
                errors.add(FieldError.required(path.member(name).toString(), ""));
            }
        }
        for (var entry : object.properties()) {
            Schema member = schema.properties().get(entry.getKey());
            Schema additional = schema.additional();
            if (member != null) {
                check(member, entry.getValue(), path.member(entry.getKey()));
            } else if (additional != null) {
                check(additional, entry.getValue(), path.key(entry.getKey()));
            }
        }
    }

    private void checkArray(Schema schema, ArrayNode array, FieldPath path) {
        Schema items = schema.items();
        for (int i = 0; items != null && i < array.size(); i++) {
            check(items, array.get(i), path.item(i));
        }
        ListChecks.check(schema, array, path, errors);
    }

    private void checkLogic(Schema.Logic logic, JsonNode value, FieldPath path) {
        logic.allOf().forEach(part -> check(part, value, path));
        if (!logic.anyOf().isEmpty() && matching(logic.anyOf(), value, path) == 0) {
            String detail = path + " in body must validate at least one schema (anyOf)";
            errors.add(FieldError.invalid(path.toString(), value, detail));
        }
        if (!logic.oneOf().isEmpty() && matching(logic.oneOf(), value, path) != 1) {
            String detail = path + " in body must validate one and only one schema (oneOf)";
            errors.add(FieldError.invalid(path.toString(), value, detail));
        }
        Schema not = logic.not();
        if (not != null && validate(not, value, path).isEmpty()) {
            String detail = path + " in body must not validate the schema (not)";
            errors.add(FieldError.invalid(path.toString(), value, detail));
        }
    }

    private static long matching(List<Schema> parts, JsonNode value, FieldPath path) {
        return parts.stream().filter(part -> validate(part, value, path).isEmpty()).count();
    }

    private static boolean hasType(Schema.Type type, JsonNode value) {
        return switch (type) {
            case ANY -> true;
            case OBJECT -> value.isObject();
            case ARRAY -> value.isArray();
            case STRING -> value.isTextual();
            case BOOLEAN -> value.isBoolean();
            case NUMBER -> value.isNumber();
            case INTEGER -> isInteger(value);
            case INT_OR_STRING -> value.isTextual() || isInteger(value);
        };
    }

    private static boolean isInteger(JsonNode value) {
        return value.isIntegralNumber()
                || (value.isFloatingPointNumber() && value.doubleValue() % 1 == 0);
    }

    private static String expected(Schema schema) {
        return schema.type().wire();
    }

    private static String typeOf(JsonNode value) {
        return switch (value.getNodeType()) {
            case NUMBER -> value.isIntegralNumber() ? "integer" : "number";
            case STRING -> "string";
            case BOOLEAN -> "boolean";
            case ARRAY -> "array";
            case OBJECT, POJO -> "object";
            case NULL, MISSING -> "null";
            case BINARY -> "string";
        };
    }
}
