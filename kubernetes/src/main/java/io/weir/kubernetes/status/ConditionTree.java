package io.weir.kubernetes.status;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.weir.config.StatusCondition;
import io.weir.kubernetes.embedded.object.Trees;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;

/** Renders conditions into those that are there. */
final class ConditionTree {

    private static final int MAX_MESSAGE_CHARS = 32_768;

    /** What we write, or a schema's default puts there to be replaced by us. */
    private static final Set<String> OURS =
            Set.of(
                    "Accepted",
                    "Programmed",
                    "ResolvedRefs",
                    "Conflicted",
                    "PartiallyInvalid",
                    "Overlapped",
                    "Ready");

    private final long generation;
    private final String now;

    /**
     * @param generation generation of the object that was compiled
     * @param now the time of conditions that change
     */
    ConditionTree(long generation, Instant now) {
        this.generation = generation;
        this.now = now.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    /**
     * Returns the conditions; those that others wrote stay, the time of what did not change too.
     */
    ArrayNode render(ArrayNode before, List<StatusCondition> conditions) {
        ArrayNode all = Trees.array();
        for (StatusCondition condition : conditions) {
            all.add(render(find(before, condition.type()), condition));
        }
        for (JsonNode other : before) {
            if (!OURS.contains(Trees.text(other, "type"))) {
                all.add(other);
            }
        }
        return all;
    }

    private ObjectNode render(JsonNode before, StatusCondition condition) {
        String status = statusOf(condition);
        boolean same = Trees.text(before, "status").equals(status);
        String message = condition.message();
        return Trees.object()
                .put("type", condition.type())
                .put("status", status)
                .put("observedGeneration", generation)
                .put("lastTransitionTime", same ? Trees.text(before, "lastTransitionTime") : now)
                .put("reason", condition.reason())
                .put(
                        "message",
                        message.length() > MAX_MESSAGE_CHARS
                                ? message.substring(0, MAX_MESSAGE_CHARS)
                                : message);
    }

    static String statusOf(StatusCondition condition) {
        return switch (condition.value()) {
            case TRUE -> "True";
            case FALSE -> "False";
            case UNKNOWN -> "Unknown";
        };
    }

    /** Returns the condition of a type; an empty object when there is none. */
    static JsonNode find(ArrayNode conditions, String type) {
        for (JsonNode condition : conditions) {
            if (Trees.text(condition, "type").equals(type)) {
                return condition;
            }
        }
        return Trees.object();
    }
}
