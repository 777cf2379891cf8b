package io.weir.kubernetes.embedded.workload;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.weir.kubernetes.embedded.client.ApiClient;
import io.weir.kubernetes.embedded.engine.DeleteOptions;
import io.weir.kubernetes.embedded.engine.Patch;
import io.weir.kubernetes.embedded.object.Trees;

import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.zip.CRC32;

/**
 * Moves Pods from old ReplicaSets to the one of the present template: new ones first, and old ones
 * go as new ones become ready.
 */
final class Deployments {

    private static final String REVISION = "deployment.kubernetes.io/revision";
    private static final String HASH = "pod-template-hash";
    private static final String LETTERS = "bcdfghjklmnpqrstvwxz2456789";

    private final ApiClient client;
    private final InstantSource clock;

    Deployments(ApiClient client, InstantSource clock) {
        this.client = client;
        this.clock = clock;
    }

    void reconcile(ObjectNode deployment, Collection<ObjectNode> sets) {
        if (Trees.isDeleting(deployment)) {
            return;
        }
        List<ObjectNode> mine =
                new ArrayList<>(
                        Owners.controlledBy(deployment, sets).stream()
                                .sorted(Comparator.comparingInt(Deployments::revision))
                                .toList());
        String hash = hash(deployment);
        String name = Trees.name(deployment) + "-" + hash;
        ObjectNode current =
                mine.stream().filter(set -> Trees.name(set).equals(name)).findFirst().orElse(null);
        int wanted = Trees.at(deployment, "spec", "replicas").asInt(1);
        int revision = mine.isEmpty() ? 0 : revision(mine.getLast());
        if (current == null) {
            client.create(set(deployment, name, hash, wanted, revision + 1));
            return;
        }
        if (revision(current) < revision) {
            annotate(current, revision + 1);
        }
        mine.remove(current);
        scale(current, wanted);
        int missing = Math.max(0, wanted - ready(current));
        for (ObjectNode old : mine.reversed()) {
            int keep = Math.min(missing, ready(old));
            missing -= keep;
            scale(old, keep);
        }
        forget(deployment, mine);
        status(deployment, current, mine, wanted);
    }

    private void forget(ObjectNode deployment, List<ObjectNode> old) {
        int limit = Trees.at(deployment, "spec", "revisionHistoryLimit").asInt(10);
        old.stream()
                .filter(set -> replicas(set) == 0)
                .limit(Math.max(0, old.size() - limit))
                .forEach(set -> client.delete(set, DeleteOptions.PLAIN));
    }

    private static ObjectNode set(
            ObjectNode deployment, String name, String hash, int replicas, int revision) {
        ObjectNode set = Trees.object().put("apiVersion", "apps/v1").put("kind", "ReplicaSet");
        ObjectNode metadata = Trees.metadata(set);
        metadata.put("name", name).put("namespace", Trees.namespace(deployment));
        metadata.putObject("annotations").put(REVISION, String.valueOf(revision));
        ObjectNode template = Trees.objectAt(deployment, "spec", "template").deepCopy();
        Trees.child(Trees.metadata(template), "labels").put(HASH, hash);
        metadata.set("labels", Trees.at(template, "metadata", "labels").deepCopy());
        ObjectNode selector = Trees.objectAt(deployment, "spec", "selector").deepCopy();
        Trees.child(selector, "matchLabels").put(HASH, hash);
        ObjectNode spec = set.putObject("spec").put("replicas", replicas);
        spec.set("selector", selector);
        spec.set("template", template);
        Owners.control(set, deployment);
        return set;
    }

    private void scale(ObjectNode set, int replicas) {
        if (replicas(set) != replicas) {
            ObjectNode patch = Trees.object();
            patch.putObject("spec").put("replicas", replicas);
            client.patch(set, new Patch.Merge(patch));
        }
    }

    private void annotate(ObjectNode set, int revision) {
        ObjectNode patch = Trees.object();
        Trees.child(Trees.metadata(patch), "annotations").put(REVISION, String.valueOf(revision));
        client.patch(set, new Patch.Merge(patch));
    }

    private void status(
            ObjectNode deployment, ObjectNode current, List<ObjectNode> old, int wanted) {
        int updated = Trees.at(current, "status", "replicas").asInt(0);
        int all = updated;
        int ready = ready(current);
        for (ObjectNode set : old) {
            all += Trees.at(set, "status", "replicas").asInt(0);
            ready += ready(set);
        }
        ObjectNode status = Trees.object();
        status.set("observedGeneration", Trees.at(deployment, "metadata", "generation"));
        status.put("replicas", all).put("updatedReplicas", updated);
        status.put("readyReplicas", ready).put("availableReplicas", ready);
        status.put("unavailableReplicas", Math.max(0, wanted - ready));
        boolean done = updated >= wanted && all <= wanted && ready >= wanted;
        conditions(deployment, status.putArray("conditions"), ready >= wanted, done);
        if (!status.equals(Trees.objectAt(deployment, "status"))) {
            client.setStatus(deployment, status);
        }
    }

    private void conditions(
            ObjectNode deployment, ArrayNode conditions, boolean available, boolean done) {
        String now = clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
        Owners.condition(
                deployment,
                conditions,
                "Available",
                available,
                available ? "MinimumReplicasAvailable" : "MinimumReplicasUnavailable",
                available
                        ? "Deployment has minimum availability."
                        : "Deployment does not have minimum availability.",
                now);
        Owners.condition(
                deployment,
                conditions,
                "Progressing",
                true,
                done ? "NewReplicaSetAvailable" : "ReplicaSetUpdated",
                done ? "The new ReplicaSet is complete." : "The new ReplicaSet is progressing.",
                now);
    }

    private static int replicas(ObjectNode set) {
        return Trees.at(set, "spec", "replicas").asInt(0);
    }

    private static int ready(ObjectNode set) {
        return Trees.at(set, "status", "readyReplicas").asInt(0);
    }

    private static int revision(ObjectNode set) {
        String text = Trees.annotations(set).getOrDefault(REVISION, "0");
        return text.matches("[0-9]{1,9}") ? Integer.parseInt(text) : 0;
    }

    /** Returns a few letters that change with the template. */
    private static String hash(ObjectNode deployment) {
        CRC32 crc = new CRC32();
        crc.update(Trees.bytes(Trees.at(deployment, "spec", "template")));
        StringBuilder text = new StringBuilder();
        for (long rest = crc.getValue(); rest > 0; rest /= LETTERS.length()) {
            text.append(LETTERS.charAt((int) (rest % LETTERS.length())));
        }
        return text.toString();
    }
}
