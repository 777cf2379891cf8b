package io.weir.kubernetes.embedded.workload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.weir.kubernetes.embedded.client.ApiClient;
import io.weir.kubernetes.embedded.engine.DeleteOptions;
import io.weir.kubernetes.embedded.object.Trees;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Makes and deletes Pods until there are as many as wanted. */
final class ReplicaSets {

    private final ApiClient client;
    private final InstantSource clock;
    private final News news;
    private final Set<String> asked = new HashSet<>();

    ReplicaSets(ApiClient client, InstantSource clock) {
        this.client = client;
        this.clock = clock;
        this.news = new News(client, clock, "replicaset-controller");
    }

    /** Forgets a Pod. */
    void gone(ObjectNode pod) {
        asked.remove(Trees.uid(pod));
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
            ObjectNode created = client.create(pod(set));
            news.tell(set, "SuccessfulCreate", "Created pod: " + Trees.name(created));
        }
        mine.stream()
                .sorted(Comparator.comparing(Owners::isReady).thenComparing(Trees::name))
                .limit(Math.max(0, Math.min(mine.size(), stored - wanted)))
                .filter(pod -> asked.add(Trees.uid(pod)))
                .forEach(pod -> delete(set, pod));
        status(set, mine);
    }

    private void delete(ObjectNode set, ObjectNode pod) {
        client.delete(pod, DeleteOptions.PLAIN);
        news.tell(set, "SuccessfulDelete", "Deleted pod: " + Trees.name(pod));
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
        long seconds = Trees.at(set, "spec", "minReadySeconds").asLong(0);
        int available = (int) pods.stream().filter(pod -> isReadyFor(pod, seconds)).count();
        status.put("readyReplicas", ready).put("availableReplicas", available);
        status.set("observedGeneration", Trees.at(set, "metadata", "generation"));
        if (!status.equals(Trees.objectAt(set, "status"))) {
            client.setStatus(set, status);
        }
    }

    private boolean isReadyFor(ObjectNode pod, long seconds) {
        if (!Owners.isReady(pod) || seconds <= 0) {
            return Owners.isReady(pod);
        }
        for (JsonNode condition : Trees.arrayAt(pod, "status", "conditions")) {
            if (Trees.text(condition, "type").equals("Ready")) {
                Instant since = Instant.parse(Trees.text(condition, "lastTransitionTime"));
                return !since.plusSeconds(seconds).isAfter(clock.instant());
            }
        }
        return false;
    }
}
