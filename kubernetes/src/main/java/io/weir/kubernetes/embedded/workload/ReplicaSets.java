package io.weir.kubernetes.embedded.workload;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.weir.kubernetes.embedded.client.ApiClient;
import io.weir.kubernetes.embedded.engine.DeleteOptions;
import io.weir.kubernetes.embedded.object.Trees;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Makes and deletes Pods until there are as many as wanted. */
final class ReplicaSets {

    private final ApiClient client;
    private final Set<String> asked = new HashSet<>();

    ReplicaSets(ApiClient client) {
        this.client = client;
    }

    void reconcile(ObjectNode set, Collection<ObjectNode> pods) {
        if (Trees.isDeleting(set)) {
            return;
        }
        List<ObjectNode> mine =
                Owners.controlledBy(set, pods).stream()
                        .filter(pod -> !Trees.isDeleting(pod))
                        .toList();
        int wanted = Trees.at(set, "spec", "replicas").asInt(1);
        // what was made a moment ago is not in the feed yet: count what is stored
        int stored = stored(set);
        for (int i = stored; i < wanted; i++) {
            client.create(pod(set));
        }
        mine.stream()
                .sorted(Comparator.comparing(Owners::isReady).thenComparing(Trees::name))
                .limit(Math.max(0, Math.min(mine.size(), stored - wanted)))
                .filter(pod -> asked.add(Trees.uid(pod)))
                .forEach(pod -> client.delete(pod, DeleteOptions.PLAIN));
        status(set, mine);
    }

    private int stored(ObjectNode set) {
        List<ObjectNode> all = client.list("v1", "Pod", Trees.namespace(set));
        return (int)
                Owners.controlledBy(set, all).stream()
                        .filter(pod -> !Trees.isDeleting(pod))
                        .count();
    }

    private static ObjectNode pod(ObjectNode set) {
        ObjectNode pod = Trees.objectAt(set, "spec", "template").deepCopy();
        pod.put("apiVersion", "v1").put("kind", "Pod");
        Trees.metadata(pod)
                .put("generateName", Trees.name(set) + "-")
                .put("namespace", Trees.namespace(set));
        Owners.control(pod, set);
        return pod;
    }

    private void status(ObjectNode set, List<ObjectNode> pods) {
        int ready = (int) pods.stream().filter(Owners::isReady).count();
        ObjectNode status = Trees.object();
        status.put("replicas", pods.size()).put("fullyLabeledReplicas", pods.size());
        status.put("readyReplicas", ready).put("availableReplicas", ready);
        status.set("observedGeneration", Trees.at(set, "metadata", "generation"));
        if (!status.equals(Trees.objectAt(set, "status"))) {
            client.setStatus(set, status);
        }
    }
}
