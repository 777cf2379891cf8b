package io.weir.kubernetes.embedded.workload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.weir.kubernetes.embedded.object.Trees;

/** Tells the Pods that this program runs from those that someone else runs somewhere. */
public final class RunsHere {

    private static final String PREFIX = "weir://";

    private RunsHere() {}

    /** Returns whether this program runs the Pod, or did so before it was started again. */
    public static boolean test(ObjectNode pod) {
        for (JsonNode status : Trees.arrayAt(pod, "status", "containerStatuses")) {
            if (Trees.text(status, "containerID").startsWith(PREFIX)) {
                return true;
            }
        }
        return false;
    }

    static void mark(ArrayNode statuses, ObjectNode pod) {
        for (JsonNode status : statuses) {
            ((ObjectNode) status).put("containerID", PREFIX + Trees.uid(pod));
        }
    }
}
