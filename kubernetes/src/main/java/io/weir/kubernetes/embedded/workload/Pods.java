package io.weir.kubernetes.embedded.workload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.weir.kubernetes.embedded.client.ApiClient;
import io.weir.kubernetes.embedded.engine.DeleteOptions;
import io.weir.kubernetes.embedded.object.Trees;

import java.io.IOException;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Hands Pods to the runner and tells how they are. */
final class Pods {

    private final ApiClient client;
    private final PodRunner runner;
    private final InstantSource clock;
    private final News news;
    private final Map<String, String> addresses = new HashMap<>();

    Pods(ApiClient client, PodRunner runner, InstantSource clock) {
        this.client = client;
        this.runner = runner;
        this.clock = clock;
        this.news = new News(client, clock, "weir");
    }

    void reconcile(ObjectNode pod) {
        String uid = Trees.uid(pod);
        if (Trees.isDeleting(pod)) {
            gone(pod);
            client.delete(pod, DeleteOptions.now());
        } else if (!addresses.containsKey(uid) && !isElsewhere(pod)) {
            start(pod);
        }
    }

    /** A Pod that says where it is was made by someone who runs it himself. */
    private static boolean isElsewhere(ObjectNode pod) {
        return Trees.arrayAt(pod, "metadata", "ownerReferences").isEmpty()
                && !Trees.text(pod, "status", "podIP").isEmpty()
                && !RunsHere.test(pod);
    }

    void gone(ObjectNode pod) {
        if (addresses.remove(Trees.uid(pod)) != null) {
            runner.stop(pod);
            tellContainers(pod, "Killing", "Stopping container ");
        }
    }

    private void start(ObjectNode pod) {
        Optional<String> refusal = runner.refusal(pod);
        if (refusal.isPresent()) {
            wait(pod, "ErrImagePull", refusal.get());
            return;
        }
        try {
            String address = runner.start(pod);
            addresses.put(Trees.uid(pod), address);
            running(pod, address);
            tellContainers(pod, "Started", "Started container ");
        } catch (IOException e) {
            wait(pod, "CreateContainerError", String.valueOf(e.getMessage()));
        }
    }

    private void tellContainers(ObjectNode pod, String reason, String message) {
        for (JsonNode container : Trees.arrayAt(pod, "spec", "containers")) {
            news.tell(pod, reason, message + Trees.text(container, "name"));
        }
    }

    private void running(ObjectNode pod, String address) {
        String now = now();
        ObjectNode status = Trees.object().put("phase", "Running");
        status.put("hostIP", address).put("podIP", address);
        status.putArray("podIPs").addObject().put("ip", address);
        status.put("qosClass", "BestEffort").put("startTime", now);
        conditions(pod, status, true, "", "", now);
        for (JsonNode container : Trees.arrayAt(pod, "spec", "containers")) {
            ObjectNode state = container(status, container, true);
            RunsHere.mark(Trees.arrayAt(status, "containerStatuses"), pod);
            state.putObject("running").put("startedAt", now);
        }
        client.setStatus(pod, status);
    }

    private void wait(ObjectNode pod, String reason, String message) {
        ObjectNode status = Trees.object().put("phase", "Pending").put("qosClass", "BestEffort");
        conditions(pod, status, false, reason, message, now());
        for (JsonNode container : Trees.arrayAt(pod, "spec", "containers")) {
            ObjectNode state = container(status, container, false);
            state.putObject("waiting").put("reason", reason).put("message", message);
        }
        if (!status.equals(Trees.objectAt(pod, "status"))) {
            client.setStatus(pod, status);
        }
    }

    private static ObjectNode container(ObjectNode status, JsonNode container, boolean ready) {
        ObjectNode node = Trees.childArray(status, "containerStatuses").addObject();
        node.put("name", Trees.text(container, "name"))
                .put("image", Trees.text(container, "image"));
        node.put("imageID", "").put("ready", ready).put("started", ready).put("restartCount", 0);
        return node.putObject("state");
    }

    private static void conditions(
            ObjectNode pod,
            ObjectNode status,
            boolean ready,
            String reason,
            String message,
            String now) {
        ArrayNode conditions = status.putArray("conditions");
        String is = ready ? "True" : "False";
        Owners.condition(pod, conditions, "PodScheduled", "True", "", "", now);
        Owners.condition(pod, conditions, "Initialized", "True", "", "", now);
        Owners.condition(pod, conditions, "ContainersReady", is, reason, message, now);
        Owners.condition(pod, conditions, "Ready", is, reason, message, now);
    }

    private String now() {
        return clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
