package io.weir.config;

/**
 * One condition of an object's status, as the Kubernetes API writes it but for its time.
 *
 * @param type for instance {@code Accepted}
 * @param value whether it holds
 * @param reason one word, for programs
 * @param message for people; may be empty
 */
public record StatusCondition(String type, Value value, String reason, String message) {

    /** Whether a condition holds. */
    public enum Value {
        TRUE,
        FALSE,
        UNKNOWN
    }

    static StatusCondition yes(String type, String reason) {
        return new StatusCondition(type, Value.TRUE, reason, "");
    }

    static StatusCondition yes(String type, String reason, String message) {
        return new StatusCondition(type, Value.TRUE, reason, message);
    }

    static StatusCondition no(String type, String reason, String message) {
        return new StatusCondition(type, Value.FALSE, reason, message);
    }

    /** Returns whether the condition holds. */
    public boolean isTrue() {
        return value == Value.TRUE;
    }
}
