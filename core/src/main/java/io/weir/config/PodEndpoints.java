package io.weir.config;

import io.weir.picker.Endpoint;
import io.weir.resource.Deployment;
import io.weir.resource.ObjectSet;
import io.weir.resource.Pod;
import io.weir.resource.PodSpec.ContainerPort;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Finds Pods and simulated replicas by labels. */
final class PodEndpoints {

    private final ObjectSet objects;
    private final Function<Deployment, List<Endpoint>> replicas;

    PodEndpoints(ObjectSet objects, Function<Deployment, List<Endpoint>> replicas) {
        this.objects = objects;
        this.replicas = replicas;
    }

    /**
     * Returns the Pods that a selector selects and that take traffic. An empty one selects none.
     */
    Stream<Pod> ready(String namespace, Map<String, String> selector) {
        if (selector.isEmpty()) {
            return Stream.empty();
        }
        return objects.inNamespace(Pod.class, namespace).stream()
                .filter(pod -> pod.ready() && !pod.terminating() && pod.address() != null)
                .filter(pod -> isSelected(pod.metadata().labels(), selector));
    }

    /** Returns the Deployments whose Pods a selector selects. */
    Stream<Deployment> deployments(String namespace, Map<String, String> selector) {
        if (selector.isEmpty()) {
            return Stream.empty();
        }
        return objects.inNamespace(Deployment.class, namespace).stream()
                .filter(deployment -> isSelected(deployment.podLabels(), selector));
    }

    /**
     * Returns the simulated replicas that a selector selects. A Deployment that declares container
     * ports is left out unless one of them is wanted; one that declares none is not asked.
     *
     * @param isWanted whether a declared port is a target port
     */
    Stream<Endpoint> replicas(
            String namespace, Map<String, String> selector, Predicate<ContainerPort> isWanted) {
        return deployments(namespace, selector)
                .filter(deployment ->
                        ports(deployment).isEmpty()
                                || ports(deployment).stream().anyMatch(isWanted))
                .flatMap(deployment -> replicas.apply(deployment).stream());
    }

    static boolean isSelected(Map<String, String> labels, Map<String, String> selector) {
        return labels.entrySet().containsAll(selector.entrySet());
    }

    private static List<ContainerPort> ports(Deployment deployment) {
        return deployment.podSpec().containers().stream()
                .flatMap(container -> container.ports().stream())
                .toList();
    }
}
