package io.weir.config;

import io.weir.config.CompileOptions.Replicas;
import io.weir.picker.Endpoint;
import io.weir.resource.Deployment;
import io.weir.resource.EndpointSlice;
import io.weir.resource.ObjectSet;
import io.weir.resource.Pod;
import io.weir.resource.PodSpec.ContainerPort;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Finds Pods, simulated replicas and EndpointSlices by labels. Empty selectors select nothing. */
final class PodEndpoints {

    private final LabelIndex<Pod> pods;
    private final LabelIndex<Deployment> deployments;
    private final LabelIndex<EndpointSlice> slices;
    private final Replicas replicas;

    PodEndpoints(ObjectSet objects, Replicas replicas) {
        this.pods = new LabelIndex<>(objects.all(Pod.class), pod -> pod.metadata().labels());
        this.deployments = new LabelIndex<>(objects.all(Deployment.class), Deployment::podLabels);
        this.slices =
                new LabelIndex<>(
                        objects.all(EndpointSlice.class), slice -> slice.metadata().labels());
        this.replicas = replicas;
    }

    /** Returns the Pods that a selector selects and that take traffic. */
    Stream<Pod> ready(String namespace, Map<String, String> selector) {
        return pods.select(namespace, selector).filter(PodEndpoints::isReady);
    }

    /** Returns the Pods that a selector selects and that are to take traffic, but don't yet. */
    Stream<Pod> unready(String namespace, Map<String, String> selector) {
        return pods.select(namespace, selector).filter(pod -> !pod.terminating() && !isReady(pod));
    }

    private static boolean isReady(Pod pod) {
        return pod.ready() && !pod.terminating() && pod.address() != null;
    }

    /** Returns the Deployments whose Pods a selector selects. */
    Stream<Deployment> deployments(String namespace, Map<String, String> selector) {
        return deployments.select(namespace, selector);
    }

    /** Returns the EndpointSlices that a selector selects. */
    Stream<EndpointSlice> slices(String namespace, Map<String, String> selector) {
        return slices.select(namespace, selector);
    }

    /**
     * Returns the simulated replicas that a selector selects.
     *
     * @param targetPort number of a port, or the name of a container port
     */
    Stream<Endpoint> replicas(String namespace, Map<String, String> selector, String targetPort) {
        return deployments(namespace, selector)
                .flatMap(deployment ->
                        replicas.at(deployment, number(ports(deployment), targetPort)).stream());
    }

    /** Returns the number of a target port; -1 when no container port has the name. */
    static int number(List<ContainerPort> ports, String targetPort) {
        if (!targetPort.isEmpty() && targetPort.chars().allMatch(Character::isDigit)) {
            return Integer.parseInt(targetPort);
        }
        return ports.stream()
                .filter(port -> port.name().equals(targetPort))
                .mapToInt(ContainerPort::port)
                .findFirst()
                .orElse(-1);
    }

    private static List<ContainerPort> ports(Deployment deployment) {
        return deployment.podSpec().containers().stream()
                .flatMap(container -> container.ports().stream())
                .toList();
    }
}
