package io.weir.kubernetes.embedded.schema;

import org.jspecify.annotations.Nullable;

/**
 * Where a value is inside its object, as a chain to the root, so that walking down costs one small
 * object per step and text is made only for errors.
 *
 * @param parent the path of the value that contains this one; null at the root
 * @param step for instance {@code rules}, {@code [0]} or {@code [team]}
 */
public record FieldPath(@Nullable FieldPath parent, String step) {

    /** The whole object. */
    public static final FieldPath ROOT = new FieldPath(null, "");

    /** Returns the path of a member. */
    public FieldPath member(String name) {
        return new FieldPath(this, name);
    }

    /** Returns the path of a member of a map, which may have any name. */
    public FieldPath key(String name) {
        return new FieldPath(this, "[" + name + "]");
    }

    /** Returns the path of an item. */
    public FieldPath item(int index) {
        return new FieldPath(this, "[" + index + "]");
    }

    /** Returns for instance {@code spec.rules[0].name}; {@code <nil>} for the whole object. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        write(text);
        return text.isEmpty() ? "<nil>" : text.toString();
    }

    private void write(StringBuilder text) {
        if (parent == null) {
            return;
        }
        parent.write(text);
        if (!text.isEmpty() && !step.startsWith("[")) {
            text.append('.');
        }
        text.append(step);
    }
}
