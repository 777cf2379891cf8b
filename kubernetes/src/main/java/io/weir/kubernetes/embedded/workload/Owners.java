package io.weir.kubernetes.embedded.workload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.weir.kubernetes.embedded.object.Trees;

import java.util.Collection;
import java.util.List;

/** Who controls whom, and conditions. */
final class Owners {

    private Owners() {}

    static void control(ObjectNode child, ObjectNode owner) {
        ObjectNode reference =
                Trees.childArray(Trees.metadata(child), "ownerReferences").addObject();
        reference.put("apiVersion", Trees.text(owner, "apiVersion"));
        reference.put("kind", Trees.text(owner, "kind")).put("name", Trees.name(owner));
        reference.put("uid", Trees.uid(owner));
        reference.put("controller", true).put("blockOwnerDeletion", true);
    }

    static List<ObjectNode> controlledBy(ObjectNode owner, Collection<ObjectNode> candidates) {
        String uid = Trees.uid(owner);
        return candidates.stream().filter(child -> isControlledBy(child, uid)).toList();
    }

    private static boolean isControlledBy(ObjectNode child, String uid) {
        for (JsonNode owner : Trees.arrayAt(child, "metadata", "ownerReferences")) {
            if (owner.path("controller").asBoolean(false) && Trees.text(owner, "uid").equals(uid)) {
                return true;
            }
        }
        return false;
    }

    static boolean isReady(ObjectNode pod) {
        for (JsonNode condition : Trees.arrayAt(pod, "status", "conditions")) {
            if (Trees.text(condition, "type").equals("Ready")) {
                return Trees.text(condition, "status").equals("True") && !Trees.isDeleting(pod);
            }
        }
        return false;
    }

    /** Adds a condition; its time is kept while its status stays. */
    static ObjectNode condition(
            ObjectNode object,
            ArrayNode conditions,
            String type,
            String status,
            String reason,
            String message,
            String now) {
        String since = now;
        for (JsonNode old : Trees.arrayAt(object, "status", "conditions")) {
            if (Trees.text(old, "type").equals(type) && Trees.text(old, "status").equals(status)) {
                since = Trees.text(old, "lastTransitionTime");
            }
        }
        ObjectNode condition = conditions.addObject();
        condition.put("type", type).put("status", status).put("lastTransitionTime", since);
        if (!reason.isEmpty()) {
            condition.put("reason", reason).put("message", message);
        }
        return condition;
    }
}
