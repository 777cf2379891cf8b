package io.weir.kubernetes.embedded.schema.rule;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.weir.kubernetes.embedded.object.FieldError;
import io.weir.kubernetes.embedded.object.FieldError.Reason;
import io.weir.kubernetes.embedded.schema.FieldPath;
import io.weir.kubernetes.embedded.schema.Schema;
import io.weir.kubernetes.embedded.schema.Schema.ListType;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;

/**
 * One walk over one object. Values below a list are matched with their old state only when the list
 * has keys: the items of other lists have no identity.
 */
final class RuleWalk {

    private static final Pattern OLD_SELF = Pattern.compile("\\boldSelf\\b");

    private final Rules rules;
    private final LongSupplier nanoTime;
    private final long deadlineNanos;
    private final List<FieldError> errors = new ArrayList<>();
    private boolean exhausted;

    RuleWalk(Rules rules, LongSupplier nanoTime, Duration budget) {
        this.rules = rules;
        this.nanoTime = nanoTime;
        this.deadlineNanos = nanoTime.getAsLong() + budget.toNanos();
    }

    List<FieldError> errors() {
        return errors;
    }

    void check(Schema schema, JsonNode value, @Nullable JsonNode old, FieldPath path) {
        if (exhausted || value.isNull()) {
            return;
        }
        if (!schema.rules().isEmpty()) {
            runRules(schema, value, old, path);
        }
        switch (value) {
            case ObjectNode object -> checkMembers(schema, object, old, path);
            case ArrayNode array -> checkItems(schema, array, old, path);
            default -> {}
        }
    }

    private void checkMembers(
            Schema schema, ObjectNode object, @Nullable JsonNode old, FieldPath path) {
        for (var entry : object.properties()) {
            String name = entry.getKey();
            Schema member = schema.properties().get(name);
            JsonNode before = old == null ? null : old.get(name);
            if (member != null) {
                check(member, entry.getValue(), before, path.member(name));
            } else if (schema.additional() != null) {
                check(schema.additional(), entry.getValue(), before, path.key(name));
            }
        }
    }

    private void checkItems(
            Schema schema, ArrayNode array, @Nullable JsonNode old, FieldPath path) {
        Schema items = schema.items();
        for (int i = 0; items != null && i < array.size(); i++) {
            JsonNode before = old == null ? null : sameItem(schema, array.get(i), old);
            check(items, array.get(i), before, path.item(i));
        }
    }

    private static @Nullable JsonNode sameItem(Schema schema, JsonNode item, JsonNode old) {
        if (schema.merge().listType() != ListType.MAP) {
            return null;
        }
        for (JsonNode candidate : old) {
            if (schema.merge().listKeys().stream()
                    .allMatch(key -> item.path(key).equals(candidate.path(key)))) {
                return candidate;
            }
        }
        return null;
    }

    private void runRules(Schema schema, JsonNode value, @Nullable JsonNode old, FieldPath path) {
        Map<String, Object> variables = new HashMap<>();
        variables.put("self", CelValues.of(schema, value));
        Object oldValue = old == null ? null : CelValues.of(schema, old);
        for (Schema.Rule rule : schema.rules()) {
            if (nanoTime.getAsLong() - deadlineNanos > 0) {
                exhausted = true;
                String message = "validation failed due to running out of cost budget";
                errors.add(FieldError.forbidden(path.toString(), message));
                return;
            }
            if (bindOldSelf(rule, oldValue, variables)) {
                run(rule, variables, value, path);
            }
        }
    }

    /** Returns whether the rule applies: a transition rule needs an old value. */
    private static boolean bindOldSelf(
            Schema.Rule rule, @Nullable Object old, Map<String, Object> variables) {
        if (rule.optionalOldSelf()) {
            variables.put("oldSelf", Optional.ofNullable(old));
            return true;
        }
        if (old == null) {
            variables.remove("oldSelf");
            return !OLD_SELF.matcher(rule.expression()).find();
        }
        variables.put("oldSelf", old);
        return true;
    }

    private void run(
            Schema.Rule rule, Map<String, Object> variables, JsonNode value, FieldPath path) {
        try {
            Object result = rules.evaluate(rule.expression(), variables);
            if (!Boolean.TRUE.equals(result)) {
                errors.add(failure(rule, message(rule, variables), value, path));
            }
        } catch (Rules.RuleFailure e) {
            String message = "rule evaluation: %s: %s".formatted(e.getMessage(), rule.expression());
            errors.add(failure(rule, message, value, path));
        }
    }

    private String message(Schema.Rule rule, Map<String, Object> variables) {
        if (!rule.messageExpression().isEmpty()) {
            try {
                if (rules.evaluate(rule.messageExpression(), variables) instanceof String text
                        && !text.isBlank()) {
                    return text;
                }
            } catch (Rules.RuleFailure e) {
                // the fixed message says enough
            }
        }
        return rule.message().isEmpty() ? "failed rule: " + rule.expression() : rule.message();
    }

    private static FieldError failure(
            Schema.Rule rule, String message, JsonNode value, FieldPath path) {
        String field = field(path, rule.fieldPath());
        return switch (rule.reason()) {
            case "FieldValueForbidden" -> FieldError.forbidden(field, message);
            case "FieldValueRequired" -> FieldError.required(field, message);
            case "FieldValueDuplicate" ->
                    new FieldError(Reason.DUPLICATE, field, "Duplicate value: " + message);
            default -> FieldError.invalid(field, typeOf(value), message);
        };
    }

    private static String field(FieldPath path, String below) {
        return path.equals(FieldPath.ROOT) && !below.isEmpty()
                ? below.substring(below.startsWith(".") ? 1 : 0)
                : path + below;
    }

    private static String typeOf(JsonNode value) {
        return switch (value.getNodeType()) {
            case ARRAY -> "array";
            case BOOLEAN -> "boolean";
            case NUMBER -> value.isIntegralNumber() ? "integer" : "number";
            case STRING -> "string";
            default -> "object";
        };
    }
}
