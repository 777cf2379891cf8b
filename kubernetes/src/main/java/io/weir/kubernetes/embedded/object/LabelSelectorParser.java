package io.weir.kubernetes.embedded.object;

import io.weir.kubernetes.embedded.object.LabelSelector.Operator;
import io.weir.kubernetes.embedded.object.LabelSelector.Requirement;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Reads the text form of label selectors.
 *
 * <pre>
 * selector    = requirement *( "," requirement )
 * requirement = "!" key | key | key ("=" | "==" | "!=") value | key ("in" | "notin") "(" values ")"
 *             | key ("&gt;" | "&lt;") integer
 * </pre>
 */
final class LabelSelectorParser {

    private static final String SPECIAL = ",()!=<>";

    private final String text;
    private int position;

    LabelSelectorParser(String text) {
        this.text = text;
    }

    LabelSelector parse() {
        List<Requirement> requirements = new ArrayList<>();
        requirements.add(requirement());
        while (take(",")) {
            requirements.add(requirement());
        }
        if (!atEnd()) {
            throw malformed("unexpected '" + text.charAt(position) + "'");
        }
        return new LabelSelector(requirements);
    }

    private Requirement requirement() {
        if (take("!")) {
            return LabelSelector.requirement(key(), Operator.DOES_NOT_EXIST, Set.of());
        }
        String key = key();
        if (atEnd() || peek(',')) {
            return LabelSelector.requirement(key, Operator.EXISTS, Set.of());
        }
        return compared(key);
    }

    private Requirement compared(String key) {
        if (take("!=")) {
            return LabelSelector.requirement(key, Operator.NOT_IN, Set.of(value()));
        }
        if (take("==") || take("=")) {
            return LabelSelector.requirement(key, Operator.IN, Set.of(value()));
        }
        if (take(">")) {
            return LabelSelector.requirement(key, Operator.GREATER_THAN, Set.of(integer()));
        }
        if (take("<")) {
            return LabelSelector.requirement(key, Operator.LESS_THAN, Set.of(integer()));
        }
        return switch (word()) {
            case "in" -> LabelSelector.requirement(key, Operator.IN, values());
            case "notin" -> LabelSelector.requirement(key, Operator.NOT_IN, values());
            default -> throw malformed("found an unknown operator after '" + key + "'");
        };
    }

    private Set<String> values() {
        if (!take("(")) {
            throw malformed("expected '('");
        }
        Set<String> values = new TreeSet<>();
        do {
            values.add(value());
        } while (take(","));
        if (!take(")")) {
            throw malformed("expected ')'");
        }
        return values;
    }

    private String key() {
        String key = word();
        String problem = Names.qualifiedNameProblem(key);
        if (!problem.isEmpty()) {
            throw malformed("key \"" + key + "\": " + problem);
        }
        return key;
    }

    private String value() {
        String value = word();
        String problem = Names.labelValueProblem(value);
        if (!problem.isEmpty()) {
            throw malformed("value \"" + value + "\": " + problem);
        }
        return value;
    }

    private String integer() {
        String value = word();
        if (!value.matches("-?[0-9]{1,18}")) {
            throw malformed("\"" + value + "\" is not an integer");
        }
        return value;
    }

    private String word() {
        skipSpace();
        int start = position;
        while (position < text.length()
                && SPECIAL.indexOf(text.charAt(position)) < 0
                && !Character.isWhitespace(text.charAt(position))) {
            position++;
        }
        return text.substring(start, position);
    }

    private boolean take(String token) {
        skipSpace();
        if (!text.startsWith(token, position)) {
            return false;
        }
        position += token.length();
        return true;
    }

    private boolean peek(char expected) {
        skipSpace();
        return !atEnd() && text.charAt(position) == expected;
    }

    private boolean atEnd() {
        skipSpace();
        return position >= text.length();
    }

    private void skipSpace() {
        while (position < text.length() && Character.isWhitespace(text.charAt(position))) {
            position++;
        }
    }

    private ApiError malformed(String detail) {
        return ApiError.badRequest(
                "unable to parse label selector \"%s\": %s".formatted(text, detail));
    }
}
