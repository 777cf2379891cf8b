package io.weir.app.up;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.weir.kubernetes.embedded.client.ApiClient;
import io.weir.kubernetes.embedded.object.Trees;
import io.weir.kubernetes.embedded.workload.RunsHere;

/** Says of the Pods of an earlier run that they do not run: their servers ended with it. */
final class PodReset {

    private PodReset() {}

    static void forget(ApiClient client) {
        for (ObjectNode pod : client.list("v1", "Pod", "")) {
            boolean controlled = !Trees.arrayAt(pod, "metadata", "ownerReferences").isEmpty();
            boolean ran = controlled || RunsHere.test(pod);
            if (ran && !Trees.text(pod, "status", "podIP").isEmpty()) {
                client.setStatus(pod, Trees.object().put("phase", "Pending"));
            }
        }
    }
}
