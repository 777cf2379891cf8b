package io.weir.app.simulated;

import io.weir.resource.Deployment;
import io.weir.resource.InferencePool;
import io.weir.resource.ObjectKey;
import io.weir.simulator.SimulatorArguments;
import io.weir.simulator.SimulatorConfig;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * A Deployment as simulated servers.
 *
 * @param key the Deployment
 * @param pods names of the replicas
 * @param labels labels of the replicas
 * @param config how each server is set up, but for its name
 * @param firstPort port that the manifest gives to the first data-parallel rank
 * @param ranks data-parallel ranks of each replica; rank {@code r} has port {@code firstPort + r}
 * @param standsForReal whether the image is a real model server
 */
record SimulatedDeployment(
        ObjectKey key,
        List<String> pods,
        Map<String, String> labels,
        SimulatorConfig config,
        int firstPort,
        int ranks,
        boolean standsForReal) {

    SimulatedDeployment {
        pods = List.copyOf(pods);
        labels = Map.copyOf(labels);
    }

    static SimulatedDeployment of(
            Deployment deployment,
            int replicas,
            SimulatorArguments arguments,
            boolean standsForReal) {
        String template = deployment.podLabels() + " " + deployment.podSpec() + arguments.config();
        long hash = PodNames.hash(template);
        String name = deployment.metadata().name();
        return new SimulatedDeployment(
                deployment.key(),
                IntStream.range(0, replicas).mapToObj(i -> PodNames.of(name, hash, i)).toList(),
                deployment.podLabels(),
                arguments.config(),
                arguments.port(),
                arguments.ranks(),
                standsForReal);
    }

    boolean isSelectedBy(InferencePool pool) {
        return pool.metadata().namespace().equals(key.namespace())
                && !pool.selector().isEmpty()
                && labels.entrySet().containsAll(pool.selector().entrySet());
    }

    boolean listensOn(int port) {
        return port >= firstPort && port < firstPort + ranks;
    }

    /** Returns the ports for people. */
    String ports() {
        return ranks == 1 ? "" + firstPort : firstPort + ".." + (firstPort + ranks - 1);
    }

    /**
     * Returns how the server of one replica and rank is set up. All replicas have one address, on
     * which only one could publish its KV-cache events.
     */
    SimulatorConfig configOf(String pod, int rank) {
        return config.withPod(pod, key.namespace(), PodNames.hash(pod) + rank).toBuilder()
                .kvEvents(null)
                .build();
    }
}
