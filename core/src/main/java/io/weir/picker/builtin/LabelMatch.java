package io.weir.picker.builtin;

import io.weir.picker.plugin.PluginException;
import io.weir.picker.plugin.PluginParameters;
import io.weir.resource.LabelSelector.Expression;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A Kubernetes label selector that is matched without making anything.
 *
 * @param conditions conditions, all of which must hold
 */
record LabelMatch(List<Expression> conditions) {

    private static final Set<String> OPERATORS = Set.of("In", "NotIn", "Exists", "DoesNotExist");
    private static final Pattern SET =
            Pattern.compile("([^\\s=!()]+)\\s+(in|notin)\\s*\\(([^()]*)\\)");
    private static final Pattern EQUALITY = Pattern.compile("([^\\s=!()]+)\\s*(==|=|!=)\\s*(\\S*)");

    LabelMatch {
        conditions = List.copyOf(conditions);
    }

    /** Reads {@code matchLabels} and {@code matchExpressions}. */
    static LabelMatch read(PluginParameters p) {
        List<Expression> conditions = new ArrayList<>();
        p.textMap("matchLabels")
                .forEach((key, value) -> conditions.add(new Expression(key, "In", List.of(value))));
        for (PluginParameters entry : p.sections("matchExpressions")) {
            String operator = entry.requiredText("operator");
            if (!OPERATORS.contains(operator)) {
                throw PluginException.on(
                        entry.field("operator"),
                        operator + " (expected: In, NotIn, Exists or DoesNotExist)");
            }
            conditions.add(
                    new Expression(entry.requiredText("key"), operator, entry.texts("values")));
        }
        return new LabelMatch(conditions);
    }

    /** Reads the form of the command line, for instance {@code app=llama,tier in (a,b),!old}. */
    static LabelMatch parse(String field, String text) {
        List<Expression> conditions = new ArrayList<>();
        for (String part : text.split(",(?![^(]*\\))", -1)) {
            conditions.add(condition(field, part.strip()));
        }
        return new LabelMatch(conditions);
    }

    private static Expression condition(String field, String part) {
        Matcher set = SET.matcher(part);
        if (set.matches()) {
            List<String> values = List.of(set.group(3).strip().split("\\s*,\\s*", -1));
            return new Expression(set.group(1), set.group(2).equals("in") ? "In" : "NotIn", values);
        }
        Matcher equality = EQUALITY.matcher(part);
        if (equality.matches()) {
            String operator = equality.group(2).equals("!=") ? "NotIn" : "In";
            return new Expression(equality.group(1), operator, List.of(equality.group(3)));
        }
        if (part.matches("!?[^\\s=!()]+")) {
            boolean absent = part.startsWith("!");
            return new Expression(
                    absent ? part.substring(1) : part,
                    absent ? "DoesNotExist" : "Exists",
                    List.of());
        }
        throw PluginException.on(field, part + " (expected: a label selector)");
    }

    boolean matches(Map<String, String> labels) {
        for (int i = 0; i < conditions.size(); i++) {
            if (!matches(conditions.get(i), labels.get(conditions.get(i).key()))) {
                return false;
            }
        }
        return true;
    }

    private static boolean matches(Expression condition, @Nullable String value) {
        return switch (condition.operator()) {
            case "In" -> value != null && condition.values().contains(value);
            case "NotIn" -> value == null || !condition.values().contains(value);
            case "Exists" -> value != null;
            default -> value == null;
        };
    }
}
