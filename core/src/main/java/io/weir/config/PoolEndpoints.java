package io.weir.config;

import io.weir.picker.Endpoint;
import io.weir.resource.EndpointSlice;
import io.weir.resource.InferencePool;
import io.weir.resource.Pod;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Finds the endpoints of a pool.
 *
 * <ul>
 *   <li>Pods that the selector selects: one endpoint for each target port, limited by the
 *       annotation {@code inference.networking.k8s.io/active-ports};
 *   <li>EndpointSlices whose labels the selector selects, for servers without a Pod: one endpoint
 *       for each address and port of the slice. Slices that a cluster makes from Services are left
 *       out, as their Pods are there;
 *   <li>simulated replicas of Deployments;
 *   <li>what the caller adds.
 * </ul>
 */
final class PoolEndpoints {

    private static final String ACTIVE_PORTS = "inference.networking.k8s.io/active-ports";
    private static final String LLMD_ACTIVE_PORTS = "llm-d.ai/active-ports";
    private static final String MANAGED_BY = "endpointslice.kubernetes.io/managed-by";
    private static final String CLUSTER = "endpointslice-controller.k8s.io";

    private final PodEndpoints pods;
    private final Facts facts;

    PoolEndpoints(PodEndpoints pods, Facts facts) {
        this.pods = pods;
        this.facts = facts;
    }

    /** Returns the endpoints that are ready, each address and port once. */
    List<Endpoint> find(InferencePool pool) {
        String namespace = pool.metadata().namespace();
        Map<String, Endpoint> found = new LinkedHashMap<>();
        Stream.of(
                        pods.ready(namespace, pool.selector()).flatMap(pod -> ranks(pod, pool)),
                        slices(pool).flatMap(PoolEndpoints::endpoints),
                        pool.targetPorts().stream()
                                .flatMap(port ->
                                        pods.replicas(namespace, pool.selector(), port.toString())),
                        Stream.ofNullable(facts.ask(new Question.Extra(pool)))
                                .flatMap(List::stream))
                .flatMap(endpoints -> endpoints)
                .forEach(endpoint -> found.putIfAbsent(endpoint.authority(), endpoint));
        return List.copyOf(found.values());
    }

    /**
     * Counts the endpoints of a pool.
     *
     * @param ready how many are ready
     */
    EndpointCount count(InferencePool pool, int ready) {
        String namespace = pool.metadata().namespace();
        long pending =
                pods.unready(namespace, pool.selector()).count() * pool.targetPorts().size()
                        + slices(pool).mapToLong(PoolEndpoints::unready).sum();
        return new EndpointCount(ready, ready + (int) pending);
    }

    private static long unready(EndpointSlice slice) {
        return slice.endpoints().stream().filter(endpoint -> !endpoint.ready()).count()
                * slice.ports().size();
    }

    private static Stream<Endpoint> ranks(Pod pod, InferencePool pool) {
        String address = pod.address();
        if (address == null) {
            return Stream.empty();
        }
        List<Integer> active = activePorts(pod, pool.targetPorts());
        List<Endpoint> endpoints = new ArrayList<>();
        for (int rank = 0; rank < pool.targetPorts().size(); rank++) {
            int port = pool.targetPorts().get(rank);
            if (active.contains(port)) {
                String name = pod.metadata().objectName() + "-rank-" + rank;
                endpoints.add(
                        new Endpoint(
                                name,
                                pod.metadata().name(),
                                address,
                                port,
                                pod.metadata().labels(),
                                pod.nodeAddress()));
            }
        }
        return endpoints.stream();
    }

    /** Returns the target ports that are live; numbers that can't be read count as absent. */
    private static List<Integer> activePorts(Pod pod, List<Integer> targetPorts) {
        Map<String, String> annotations = pod.metadata().annotations();
        String written = annotations.getOrDefault(LLMD_ACTIVE_PORTS, annotations.get(ACTIVE_PORTS));
        if (written == null) {
            return targetPorts;
        }
        List<String> active = Stream.of(written.split(",")).map(String::trim).toList();
        return targetPorts.stream().filter(port -> active.contains(port.toString())).toList();
    }

    private Stream<EndpointSlice> slices(InferencePool pool) {
        return pods.slices(pool.metadata().namespace(), pool.selector())
                .filter(slice -> !CLUSTER.equals(slice.metadata().labels().get(MANAGED_BY)));
    }

    private static Stream<Endpoint> endpoints(EndpointSlice slice) {
        return slice.endpoints().stream()
                .filter(endpoint -> endpoint.ready() && !endpoint.addresses().isEmpty())
                .flatMap(endpoint ->
                        slice.ports().stream()
                                .map(port -> SliceEndpoints.of(slice, endpoint, port)));
    }
}
