package io.weir.kubernetes.status;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.weir.config.ParentStatus;
import io.weir.config.StatusCondition;
import io.weir.kubernetes.embedded.object.Trees;
import io.weir.resource.ParentRef;

import java.util.List;
import java.util.function.Predicate;

/**
 * Renders what parents make of an object into the entries that are there: entries of other
 * controllers stay, ours that are no longer true go.
 */
final class ParentTree {

    private static final int MAX_PARENTS = 32;

    private final StatusShape shape;
    private final Predicate<String> ours;
    private final ConditionTree conditions;

    ParentTree(StatusShape shape, Predicate<String> ours, ConditionTree conditions) {
        this.shape = shape;
        this.ours = ours;
        this.conditions = conditions;
    }

    /** Returns the name of the list in the status. */
    String list() {
        return switch (shape) {
            case OLD_PARENTS -> "parent";
            case ANCESTORS -> "ancestors";
            case PARENTS, CONDITIONS, GATEWAY, GATEWAY_CLASS -> "parents";
        };
    }

    /** Returns the entries. */
    ArrayNode render(ArrayNode before, List<ParentStatus> parents) {
        ArrayNode all = Trees.array();
        for (JsonNode entry : before) {
            if (!isOurs(entry)) {
                all.add(entry);
            }
        }
        for (ParentStatus parent : parents) {
            if (all.size() < MAX_PARENTS) {
                all.add(render(before, parent));
            }
        }
        if (all.isEmpty() && shape == StatusShape.OLD_PARENTS) {
            all.add(nobody());
        }
        return all;
    }

    private boolean isOurs(JsonNode entry) {
        return shape == StatusShape.OLD_PARENTS || ours.test(Trees.text(entry, "controllerName"));
    }

    private ObjectNode render(ArrayNode before, ParentStatus parent) {
        ObjectNode entry = Trees.object();
        ObjectNode reference = reference(parent.parent());
        entry.set(referenceName(), reference);
        if (shape != StatusShape.OLD_PARENTS) {
            entry.put("controllerName", parent.controllerName());
        }
        ArrayNode old = conditionsOf(before, parent);
        List<StatusCondition> rendered =
                shape == StatusShape.OLD_PARENTS
                        ? parent.conditions().stream().map(ParentTree::inOldWords).toList()
                        : parent.conditions();
        entry.set("conditions", conditions.render(old, rendered));
        return entry;
    }

    private String referenceName() {
        return shape == StatusShape.ANCESTORS ? "ancestorRef" : "parentRef";
    }

    private ObjectNode reference(ParentRef parent) {
        ObjectNode reference =
                Trees.object()
                        .put("group", parent.group())
                        .put("kind", parent.kind())
                        .put("namespace", parent.namespace())
                        .put("name", parent.name());
        if (parent.sectionName() != null) {
            reference.put("sectionName", parent.sectionName());
        }
        if (parent.port() != null) {
            reference.put("port", parent.port());
        }
        return reference;
    }

    /** Returns the conditions that the same parent has now. */
    ArrayNode conditionsOf(ArrayNode entries, ParentStatus parent) {
        ObjectNode reference = reference(parent.parent());
        for (JsonNode entry : entries) {
            boolean same =
                    shape == StatusShape.OLD_PARENTS
                            || Trees.text(entry, "controllerName").equals(parent.controllerName());
            if (same && SameTree.test(Trees.at(entry, referenceName()), reference)) {
                return Trees.arrayAt(entry, "conditions");
            }
        }
        return Trees.array();
    }

    private static StatusCondition inOldWords(StatusCondition condition) {
        return condition.reason().equals("NotSupportedByParent")
                ? new StatusCondition(
                        condition.type(),
                        condition.value(),
                        "NotSupportedByGateway",
                        condition.message())
                : condition;
    }

    /** What an experimental InferencePool says while no Gateway uses it. */
    private static ObjectNode nobody() {
        ObjectNode entry = Trees.object();
        entry.putObject("parentRef")
                .put("group", "gateway.networking.k8s.io")
                .put("kind", "Status")
                .put("name", "default");
        entry.putArray("conditions")
                .addObject()
                .put("type", "Accepted")
                .put("status", "Unknown")
                .put("lastTransitionTime", "1970-01-01T00:00:00Z")
                .put("reason", "Pending")
                .put("message", "Waiting for controller");
        return entry;
    }
}
