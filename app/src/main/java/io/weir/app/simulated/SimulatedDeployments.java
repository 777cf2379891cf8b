package io.weir.app.simulated;

import io.weir.resource.Deployment;
import io.weir.resource.InferencePool;
import io.weir.resource.ObjectKey;
import io.weir.resource.ObjectSet;
import io.weir.resource.Origin;
import io.weir.resource.Problem;
import io.weir.resource.Problem.Severity;
import io.weir.simulator.engine.EngineProfile;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;

/** The Deployments that run as simulated servers. Immutable. */
public final class SimulatedDeployments {

    /** No Deployment does. */
    static final SimulatedDeployments NONE = new SimulatedDeployments(Map.of(), List.of());

    private final Map<ObjectKey, SimulatedDeployment> byKey;
    private final List<Problem> problems;

    private SimulatedDeployments(
            Map<ObjectKey, SimulatedDeployment> byKey, List<Problem> problems) {
        this.byKey = byKey;
        this.problems = List.copyOf(problems);
    }

    /**
     * Finds out which Deployments run as simulated servers.
     *
     * @param objects all objects
     * @param mode which images count
     * @param profile timing where a Deployment does not say
     * @param timeScale factor on all times
     */
    public static SimulatedDeployments read(
            ObjectSet objects, Simulate mode, EngineProfile profile, double timeScale) {
        DeploymentReader reader =
                new DeploymentReader(
                        new ServerReader(mode, profile, timeScale), new SyncedAdapters(objects));
        Map<ObjectKey, SimulatedDeployment> found = new LinkedHashMap<>();
        for (Deployment deployment : objects.all(Deployment.class)) {
            reader.read(deployment).ifPresent(simulated -> found.put(deployment.key(), simulated));
        }
        return new SimulatedDeployments(found, reader.problems());
    }

    /** Returns what is wrong with the Deployments. */
    public List<Problem> problems() {
        return problems;
    }

    Collection<SimulatedDeployment> all() {
        return byKey.values();
    }

    @Nullable SimulatedDeployment get(ObjectKey key) {
        return byKey.get(key);
    }

    /** Returns the models of all servers: base models and adapters. */
    public Set<String> models() {
        Set<String> models = new TreeSet<>();
        for (SimulatedDeployment deployment : byKey.values()) {
            models.addAll(deployment.config().models());
            deployment.config().adapters().forEach(adapter -> models.add(adapter.name()));
        }
        return models;
    }

    /**
     * Returns a problem for each target port of a pool on which simulated servers that the pool
     * selects do not listen.
     *
     * @param pools the pools
     * @param origins file and line of a field
     */
    public List<Problem> portProblems(
            Collection<InferencePool> pools, BiFunction<ObjectKey, String, Origin> origins) {
        List<Problem> found = new ArrayList<>();
        for (InferencePool pool : pools) {
            byKey.values().stream()
                    .filter(deployment -> deployment.isSelectedBy(pool))
                    .forEach(deployment -> addPortProblems(pool, deployment, origins, found));
        }
        return found;
    }

    private static void addPortProblems(
            InferencePool pool,
            SimulatedDeployment deployment,
            BiFunction<ObjectKey, String, Origin> origins,
            List<Problem> found) {
        for (int port : pool.targetPorts()) {
            if (!deployment.listensOn(port)) {
                found.add(
                        new Problem(
                                Severity.WARNING,
                                origins.apply(pool.key(), "spec.targetPorts"),
                                pool.key().toString(),
                                "spec.targetPorts",
                                port
                                        + " (expected: "
                                        + deployment.ports()
                                        + ", where the servers of "
                                        + deployment.key()
                                        + " listen; they get no requests)"));
            }
        }
    }
}
