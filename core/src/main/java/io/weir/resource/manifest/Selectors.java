package io.weir.resource.manifest;

import io.weir.resource.LabelSelector;
import io.weir.resource.LabelSelector.Expression;

import java.util.List;
import java.util.Map;

/** Reads label selectors. */
final class Selectors {

    private Selectors() {}

    static Map<String, String> labels(Fields fields, String name) {
        return fields.textMap(name, TextRule.LABEL_KEY, TextRule.LABEL_VALUE);
    }

    static LabelSelector selector(Fields selector) {
        return new LabelSelector(
                labels(selector, "matchLabels"),
                selector.list("matchExpressions", 0, Integer.MAX_VALUE).stream()
                        .map(Selectors::expression)
                        .toList());
    }

    private static Expression expression(Fields fields) {
        String key = fields.text("key", TextRule.LABEL_KEY);
        String operator = fields.requiredWord("operator", "In", "NotIn", "Exists", "DoesNotExist");
        List<String> values = fields.texts("values", 0, Integer.MAX_VALUE, TextRule.LABEL_VALUE);
        if (operator == null) {
            return new Expression(key, "", values);
        }
        boolean needsValues = operator.equals("In") || operator.equals("NotIn");
        if (needsValues && values.isEmpty()) {
            fields.error("values", "none (expected: at least one for " + operator + ")");
        } else if (!needsValues && !values.isEmpty()) {
            fields.error("values", values.size() + " (expected: none for " + operator + ")");
        }
        return new Expression(key, operator, values);
    }
}
