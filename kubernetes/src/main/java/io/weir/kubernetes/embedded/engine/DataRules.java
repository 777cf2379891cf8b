package io.weir.kubernetes.embedded.engine;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.weir.kubernetes.embedded.object.FieldError;
import io.weir.kubernetes.embedded.object.Trees;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.regex.Pattern;

/** What ConfigMaps and Secrets have in common: keys, a size, and that they can be frozen. */
final class DataRules {

    private static final Pattern KEY = Pattern.compile("[-._a-zA-Z0-9]{1,253}");
    private static final int MAX_BYTES = 1 << 20;

    private DataRules() {}

    static void validate(ObjectNode object, @Nullable ObjectNode old, List<FieldError> errors) {
        int size = 0;
        for (String part : List.of("data", "binaryData")) {
            for (var entry : Trees.objectAt(object, part).properties()) {
                size += entry.getValue().asText().length();
                if (!KEY.matcher(entry.getKey()).matches()) {
                    errors.add(
                            FieldError.invalid(
                                    part + "[" + entry.getKey() + "]",
                                    entry.getKey(),
                                    "a valid config key must consist of alphanumeric characters,"
                                            + " '-', '_' or '.'"));
                }
            }
        }
        if (size > MAX_BYTES) {
            errors.add(FieldError.tooLong("", MAX_BYTES));
        }
        if (old != null && old.path("immutable").asBoolean(false)) {
            frozen(object, old, errors);
        }
    }

    private static void frozen(ObjectNode object, ObjectNode old, List<FieldError> errors) {
        for (String part : List.of("data", "binaryData", "immutable")) {
            if (!object.path(part).equals(old.path(part))) {
                errors.add(
                        FieldError.forbidden(part, "field is immutable when `immutable` is set"));
            }
        }
    }
}
