package io.weir.resource.manifest;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The place of a value in a tree, for instance {@code spec.rules[0].name}.
 *
 * @param parent the container's place; null for the root
 * @param name name in a map; null for an element of a list and for the root
 * @param index index in a list, from 0
 */
record FieldPath(@Nullable FieldPath parent, @Nullable String name, int index) {

    static final FieldPath ROOT = new FieldPath(null, null, 0);

    FieldPath field(String fieldName) {
        return new FieldPath(this, fieldName, 0);
    }

    FieldPath item(int itemIndex) {
        return new FieldPath(this, null, itemIndex);
    }

    /** Returns the steps from the root to this place. */
    Deque<FieldPath> steps() {
        Deque<FieldPath> steps = new ArrayDeque<>();
        for (FieldPath at = this; at.parent != null; at = at.parent) {
            steps.addFirst(at);
        }
        return steps;
    }

    /** Reads what {@link #toString()} writes. */
    static FieldPath parse(String text) {
        FieldPath path = ROOT;
        int at = 0;
        while (at < text.length()) {
            if (text.charAt(at) == '[') {
                int end = text.indexOf(']', at);
                end = end < 0 ? text.length() : end;
                path = path.bracket(text.substring(at + 1, end));
                at = end + 1;
            } else {
                int start = text.charAt(at) == '.' ? at + 1 : at;
                at = endOfName(text, start);
                path = path.field(text.substring(start, at));
            }
        }
        return path;
    }

    private static int endOfName(String text, int start) {
        int at = start;
        while (at < text.length() && text.charAt(at) != '.' && text.charAt(at) != '[') {
            at++;
        }
        return at;
    }

    private FieldPath bracket(String inside) {
        boolean number = !inside.isEmpty() && inside.length() < 10;
        for (int i = 0; i < inside.length(); i++) {
            number &= inside.charAt(i) >= '0' && inside.charAt(i) <= '9';
        }
        return number ? new FieldPath(this, inside, Integer.parseInt(inside)) : field(inside);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (FieldPath step : steps()) {
            if (step.name == null) {
                text.append('[').append(step.index).append(']');
            } else if (isPlain(step.name)) {
                text.append(text.isEmpty() ? "" : ".").append(step.name);
            } else {
                text.append('[').append(Values.shorten(step.name)).append(']');
            }
        }
        return text.toString();
    }

    private static boolean isPlain(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (!(Syntax.isAlphanumeric(c) || c == '-' || c == '_')) {
                return false;
            }
        }
        return !name.isEmpty() && !(name.charAt(0) >= '0' && name.charAt(0) <= '9');
    }
}
