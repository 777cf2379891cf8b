package io.weir.kubernetes.embedded.object;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** The {@code Status} objects that are not errors. */
public final class Statuses {

    private Statuses() {}

    /** Returns the answer to a deletion that is done. */
    public static ObjectNode deleted(String group, String plural, String name, String uid) {
        ObjectNode status = head("Success");
        ObjectNode details = status.putObject("details");
        details.put("name", name);
        if (!group.isEmpty()) {
            details.put("group", group);
        }
        details.put("kind", plural);
        details.put("uid", uid);
        return status;
    }

    static ObjectNode head(String outcome) {
        ObjectNode status = Trees.object();
        status.put("kind", "Status");
        status.put("apiVersion", "v1");
        status.putObject("metadata");
        status.put("status", outcome);
        return status;
    }
}
