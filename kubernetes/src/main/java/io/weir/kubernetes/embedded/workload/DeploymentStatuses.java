package io.weir.kubernetes.embedded.workload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.weir.kubernetes.embedded.client.ApiClient;
import io.weir.kubernetes.embedded.object.Trees;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** Tells how far Deployments have come. */
final class DeploymentStatuses {

    private static final String PROGRESSING = "Progressing";
    private static final long DEADLINE_SECONDS = 600;

    private final ApiClient client;
    private final InstantSource clock;

    DeploymentStatuses(ApiClient client, InstantSource clock) {
        this.client = client;
        this.clock = clock;
    }

    /**
     * What the ReplicaSets of a Deployment add up to.
     *
     * @param replicas Pods
     * @param updated Pods of the present template
     * @param ready Pods that are ready
     * @param available Pods that have been ready for long enough
     */
    private record Counts(int replicas, int updated, int ready, int available) {

        static Counts of(List<ObjectNode> current, List<ObjectNode> old) {
            return new Counts(
                    sum(current, "replicas") + sum(old, "replicas"),
                    sum(current, "replicas"),
                    sum(current, "readyReplicas") + sum(old, "readyReplicas"),
                    sum(current, "availableReplicas") + sum(old, "availableReplicas"));
        }

        private static int sum(List<ObjectNode> sets, String field) {
            return sets.stream().mapToInt(set -> Trees.at(set, "status", field).asInt(0)).sum();
        }
    }

    /**
     * Writes the status when it has changed.
     *
     * @param current the ReplicaSet of the present template; empty while there is none
     * @param least Pods that have to be available
     */
    void write(
            ObjectNode deployment,
            List<ObjectNode> current,
            List<ObjectNode> old,
            int wanted,
            int least) {
        Counts counts = Counts.of(current, old);
        ObjectNode status = Trees.object();
        status.set("observedGeneration", Trees.at(deployment, "metadata", "generation"));
        status.put("replicas", counts.replicas()).put("updatedReplicas", counts.updated());
        status.put("readyReplicas", counts.ready()).put("availableReplicas", counts.available());
        status.put("unavailableReplicas", Math.max(0, wanted - counts.available()));
        ArrayNode conditions = status.putArray("conditions");
        boolean available = counts.available() >= least;
        Owners.condition(
                deployment,
                conditions,
                "Available",
                available ? "True" : "False",
                available ? "MinimumReplicasAvailable" : "MinimumReplicasUnavailable",
                available
                        ? "Deployment has minimum availability."
                        : "Deployment does not have minimum availability.",
                now());
        progress(deployment, conditions, counts, wanted);
        if (!status.equals(Trees.objectAt(deployment, "status"))) {
            client.setStatus(deployment, status);
        }
    }

    private void progress(ObjectNode deployment, ArrayNode conditions, Counts counts, int wanted) {
        JsonNode before = Trees.at(deployment, "status");
        boolean done =
                counts.updated() >= wanted
                        && counts.replicas() <= wanted
                        && counts.available() >= wanted;
        boolean moved =
                counts.updated() != before.path("updatedReplicas").asInt(0)
                        || counts.replicas() != before.path("replicas").asInt(0)
                        || counts.available() != before.path("availableReplicas").asInt(0)
                        || !Trees.at(deployment, "metadata", "generation")
                                .equals(before.path("observedGeneration"));
        String last = lastMove(deployment);
        String moment = moved || last.isEmpty() ? now() : last;
        if (Trees.at(deployment, "spec", "paused").asBoolean(false)) {
            add(
                    deployment,
                    conditions,
                    "Unknown",
                    "DeploymentPaused",
                    "Deployment is paused",
                    moment);
        } else if (done) {
            add(
                    deployment,
                    conditions,
                    "True",
                    "NewReplicaSetAvailable",
                    "The new ReplicaSet has successfully progressed.",
                    moment);
        } else if (!moved && isLate(deployment, last)) {
            add(
                    deployment,
                    conditions,
                    "False",
                    "ProgressDeadlineExceeded",
                    "The new ReplicaSet has timed out progressing.",
                    moment);
        } else {
            add(
                    deployment,
                    conditions,
                    "True",
                    "ReplicaSetUpdated",
                    "The new ReplicaSet is progressing.",
                    moment);
        }
    }

    private void add(
            ObjectNode deployment,
            ArrayNode conditions,
            String status,
            String reason,
            String message,
            String moment) {
        Owners.condition(deployment, conditions, PROGRESSING, status, reason, message, now())
                .put("lastUpdateTime", moment);
    }

    /** Returns whether a Deployment has nothing to wait for. */
    static boolean isDone(ObjectNode deployment) {
        for (JsonNode condition : Trees.arrayAt(deployment, "status", "conditions")) {
            if (Trees.text(condition, "type").equals(PROGRESSING)) {
                return !Trees.text(condition, "reason").equals("ReplicaSetUpdated");
            }
        }
        return false;
    }

    private static String lastMove(ObjectNode deployment) {
        for (JsonNode condition : Trees.arrayAt(deployment, "status", "conditions")) {
            if (Trees.text(condition, "type").equals(PROGRESSING)) {
                return Trees.text(condition, "lastUpdateTime");
            }
        }
        return "";
    }

    private boolean isLate(ObjectNode deployment, String last) {
        long seconds =
                Trees.at(deployment, "spec", "progressDeadlineSeconds").asLong(DEADLINE_SECONDS);
        try {
            Duration still = Duration.between(Instant.parse(last), clock.instant());
            return still.compareTo(Duration.ofSeconds(seconds)) > 0;
        } catch (DateTimeException e) {
            return false;
        }
    }

    private String now() {
        return clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
