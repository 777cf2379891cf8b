package io.weir.kubernetes.embedded.object;

import com.fasterxml.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which labels an object must have.
 *
 * @param requirements all of them must hold; none means that everything matches
 */
public record LabelSelector(List<Requirement> requirements) {

    /** Matches every object. */
    public static final LabelSelector EVERYTHING = new LabelSelector(List.of());

    public LabelSelector {
        requirements = List.copyOf(requirements);
    }

    /** How a label is compared. */
    public enum Operator {
        IN,
        NOT_IN,
        EXISTS,
        DOES_NOT_EXIST,
        GREATER_THAN,
        LESS_THAN
    }

    /**
     * One condition on one label.
     *
     * @param key the label
     * @param operator how it is compared
     * @param values with what; empty for the two operators about existence
     */
    public record Requirement(String key, Operator operator, Set<String> values) {

        public Requirement {
            values = Set.copyOf(values);
        }

        boolean matches(Map<String, String> labels) {
            String value = labels.get(key);
            return switch (operator) {
                case IN -> value != null && values.contains(value);
                case NOT_IN -> value == null || !values.contains(value);
                case EXISTS -> value != null;
                case DOES_NOT_EXIST -> value == null;
                case GREATER_THAN -> value != null && compare(value) > 0;
                case LESS_THAN -> value != null && compare(value) < 0;
            };
        }

        private int compare(String value) {
            try {
                return Long.compare(
                        Long.parseLong(value), Long.parseLong(values.iterator().next()));
            } catch (NumberFormatException e) {
                return 0;
            }
        }
    }

    /** Returns whether the labels satisfy every requirement. */
    public boolean matches(Map<String, String> labels) {
        for (Requirement requirement : requirements) {
            if (!requirement.matches(labels)) {
                return false;
            }
        }
        return true;
    }

    /** Returns whether everything matches. */
    public boolean isEmpty() {
        return requirements.isEmpty();
    }

    /** Reads the text form, {@code a=b,c!=d,e in (x,y),!f}; 400 when it is malformed. */
    public static LabelSelector parse(String text) {
        return text.isBlank() ? EVERYTHING : new LabelSelectorParser(text).parse();
    }

    /** Returns the selector that wants exactly these labels, as a Service has it. */
    public static LabelSelector ofLabels(Map<String, String> labels) {
        return new LabelSelector(
                labels.entrySet().stream()
                        .map(e -> requirement(e.getKey(), Operator.IN, Set.of(e.getValue())))
                        .toList());
    }

    /** Reads {@code matchLabels} and {@code matchExpressions}. */
    public static LabelSelector ofTree(JsonNode selector) {
        List<Requirement> all =
                new ArrayList<>(
                        ofLabels(Trees.stringMap(Trees.at(selector, "matchLabels")))
                                .requirements());
        for (JsonNode expression : Trees.arrayAt(selector, "matchExpressions")) {
            Set<String> values = new TreeSet<>();
            Trees.arrayAt(expression, "values").forEach(value -> values.add(value.asText()));
            all.add(
                    requirement(
                            Trees.text(expression, "key"),
                            operator(Trees.text(expression, "operator")),
                            values));
        }
        return new LabelSelector(all);
    }

    private static Operator operator(String name) {
        return switch (name) {
            case "In" -> Operator.IN;
            case "NotIn" -> Operator.NOT_IN;
            case "Exists" -> Operator.EXISTS;
            case "DoesNotExist" -> Operator.DOES_NOT_EXIST;
            default ->
                    throw ApiError.badRequest(
                            "\"" + name + "\" is not a valid label selector operator");
        };
    }

    static Requirement requirement(String key, Operator operator, Set<String> values) {
        return new Requirement(key, operator, values);
    }
}
