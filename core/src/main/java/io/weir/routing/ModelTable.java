package io.weir.routing;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * A header whose value is the model of the request, or stands beside it in a table.
 *
 * @param header name of the header
 * @param table value by model; null when the value is the model itself
 */
public record ModelTable(String header, @Nullable Map<String, String> table) implements HeaderRule {

    private static final Set<String> MODEL =
            Set.of("json(request.body).model", "string(json(request.body).model)");

    public ModelTable {
        table = table == null ? null : Map.copyOf(table);
    }

    @Override
    public @Nullable String evaluate(RequestHead head, @Nullable String model) {
        if (table == null || model == null) {
            return model;
        }
        return table.get(model);
    }

    /**
     * Reads an expression of the form that guides use, {@code {"a": "b", …}[json(request.body)
     * .model]}, which saves loading the CEL library.
     *
     * @return the rule, or null when the expression has another form
     */
    public static @Nullable ModelTable parse(String header, String expression) {
        Scanner scanner = new Scanner(expression);
        Map<String, String> table = new HashMap<>();
        if (!scanner.skip('{')) {
            return null;
        }
        while (!scanner.skip('}')) {
            String key = scanner.text();
            String value = scanner.skip(':') ? scanner.text() : null;
            if (key == null || value == null || table.put(key, value) != null) {
                return null;
            }
            if (!scanner.skip(',') && !scanner.at('}')) {
                return null;
            }
        }
        return scanner.skip('[') && MODEL.contains(scanner.restBefore(']'))
                ? new ModelTable(header, table)
                : null;
    }

    /** Reads literals one after the other. */
    private static final class Scanner {
        private final String source;
        private int position;

        Scanner(String source) {
            this.source = source;
        }

        boolean at(char wanted) {
            while (position < source.length() && Character.isWhitespace(source.charAt(position))) {
                position++;
            }
            return position < source.length() && source.charAt(position) == wanted;
        }

        boolean skip(char wanted) {
            boolean found = at(wanted);
            position += found ? 1 : 0;
            return found;
        }

        /** Reads a text without escapes or line ends; null when there is none. */
        @Nullable String text() {
            if (!at('"') && !at('\'')) {
                return null;
            }
            int end = source.indexOf(source.charAt(position), position + 1);
            if (end < 0) {
                return null;
            }
            String text = source.substring(position + 1, end);
            position = end + 1;
            return text.isEmpty() || text.indexOf('\\') >= 0 || text.indexOf('\n') >= 0
                    ? null
                    : text;
        }

        /** Returns the rest without spaces before its last character; empty when that differs. */
        String restBefore(char last) {
            String rest = source.substring(position).strip();
            return rest.endsWith(String.valueOf(last))
                    ? rest.substring(0, rest.length() - 1).strip()
                    : "";
        }
    }
}
