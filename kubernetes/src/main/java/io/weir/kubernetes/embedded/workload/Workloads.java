package io.weir.kubernetes.embedded.workload;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.weir.kubernetes.embedded.client.ApiClient;
import io.weir.kubernetes.embedded.client.Change;
import io.weir.kubernetes.embedded.client.ChangeListener;
import io.weir.kubernetes.embedded.object.ApiError;
import io.weir.kubernetes.embedded.object.Trees;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Brings Deployments, ReplicaSets, Pods and Services to what they should be. Works when something
 * changes, and once a second while a Deployment waits for time to pass.
 */
public final class Workloads implements ChangeListener, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Workloads.class);

    private static final Duration TICK = Duration.ofSeconds(1);

    private final Map<String, Map<String, ObjectNode>> objects = new TreeMap<>();
    private final Deployments deployments;
    private final ReplicaSets replicaSets;
    private final Pods pods;
    private final Endpoints endpoints;
    private final Thread ticker;

    /**
     * @param client writes the objects
     * @param runner runs the Pods
     */
    public Workloads(ApiClient client, PodRunner runner, InstantSource clock) {
        this.deployments = new Deployments(client, clock);
        this.replicaSets = new ReplicaSets(client, clock);
        this.pods = new Pods(client, runner, clock);
        this.endpoints = new Endpoints(client);
        this.ticker = Thread.ofVirtual().name("weir-workloads-tick").start(this::tick);
    }

    private void tick() {
        try {
            while (true) {
                Thread.sleep(TICK);
                waitingForTime();
            }
        } catch (InterruptedException e) {
            LOG.debug("workloads end");
        }
    }

    private synchronized void waitingForTime() {
        boolean waits =
                of("deployments.apps").values().stream()
                        .anyMatch(deployment -> !DeploymentStatuses.isDone(deployment));
        if (waits) {
            reconcileSets();
        }
    }

    @Override
    public void close() {
        ticker.interrupt();
    }

    @Override
    public synchronized void changed(List<Change> changes) {
        boolean concerned = false;
        for (Change change : changes) {
            concerned |= note(change);
        }
        if (!concerned) {
            return;
        }
        of("pods").values().forEach(pod -> attempt(() -> pods.reconcile(pod), pod));
        reconcileSets();
        of("services")
                .values()
                .forEach(service ->
                        attempt(() -> endpoints.reconcile(service, of("pods").values()), service));
    }

    private void reconcileSets() {
        of("replicasets.apps")
                .values()
                .forEach(
                        set -> attempt(() -> replicaSets.reconcile(set, of("pods").values()), set));
        of("deployments.apps")
                .values()
                .forEach(deployment ->
                        attempt(
                                () ->
                                        deployments.reconcile(
                                                deployment, of("replicasets.apps").values()),
                                deployment));
    }

    private boolean note(Change change) {
        String resource = change.kind().resource();
        switch (resource) {
            case "pods", "services", "replicasets.apps", "deployments.apps" -> {}
            default -> {
                return false;
            }
        }
        ObjectNode object = change.object();
        String key = Trees.namespace(object) + "/" + Trees.name(object);
        if (change.type() == Change.Type.DELETED) {
            of(resource).remove(key);
            if (resource.equals("pods")) {
                pods.gone(object);
                replicaSets.gone(object);
            }
        } else {
            of(resource).put(key, object);
        }
        return true;
    }

    private Map<String, ObjectNode> of(String resource) {
        return objects.computeIfAbsent(resource, key -> new TreeMap<>());
    }

    /** A writer that came in between brings another change, and this is tried again. */
    private static void attempt(Runnable action, ObjectNode object) {
        try {
            action.run();
        } catch (ApiError e) {
            if (!e.isNotFound() && !e.isConflict() && !e.isAlreadyExists()) {
                LOG.atWarn()
                        .addKeyValue("kind", Trees.text(object, "kind"))
                        .addKeyValue("name", Trees.name(object))
                        .setCause(e)
                        .log("workload not reconciled");
            }
        }
    }
}
