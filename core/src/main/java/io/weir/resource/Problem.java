package io.weir.resource;

/**
 * One thing that is wrong with the configuration, told so that the reader can mend it.
 *
 * @param severity whether the object is refused or only remarked upon
 * @param origin file and line of the field, or of the object
 * @param object for instance {@code HTTPRoute default/llm-route}; empty when no object is known
 * @param field for instance {@code spec.rules[0].backendRefs[1].weight}; empty for the whole object
 * @param message the value and the rule, for instance {@code -1 (expected: 0..1000000)}
 */
public record Problem(
        Severity severity, Origin origin, String object, String field, String message) {

    /** How bad a problem is. */
    public enum Severity {
        /** The object is left out; what worked before goes on working. */
        ERROR,
        /** The object is used; something in it has no effect or is probably not meant. */
        WARNING
    }

    /** Returns {@code file:line: Kind ns/name field: value (expected: rule)}. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(origin.toString()).append(": ");
        if (severity == Severity.WARNING) {
            text.append("warning: ");
        }
        if (!object.isEmpty()) {
            text.append(object);
            text.append(field.isEmpty() ? ": " : " ");
        }
        if (!field.isEmpty()) {
            text.append(field).append(": ");
        }
        return text.append(message).toString();
    }
}
