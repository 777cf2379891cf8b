package io.weir.config;

import java.util.ArrayList;
import java.util.List;

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

    /** Returns conditions with this one, which takes the place of one of its type. */
    List<StatusCondition> into(List<StatusCondition> others) {
        List<StatusCondition> changed = new ArrayList<>(others);
        changed.replaceAll(known -> known.type().equals(type) ? this : known);
        if (!changed.contains(this)) {
            changed.add(this);
        }
        return changed;
    }

    /** Returns whether the condition holds. */
    public boolean isTrue() {
        return value == Value.TRUE;
    }
}
