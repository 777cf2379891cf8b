package io.weir.config;

import io.weir.picker.Endpoint;
import io.weir.resource.Deployment;
import io.weir.resource.EndpointSlice;
import io.weir.resource.Pod;
import io.weir.resource.PodSpec.ContainerPort;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

/** Finds Pods, simulated replicas and EndpointSlices by labels. Empty selectors select nothing. */
final class PodEndpoints {

    private final Facts facts;

    PodEndpoints(Facts facts) {
        this.facts = facts;
    }

    /** Returns the Pods that a selector selects and that take traffic. */
    Stream<Pod> ready(String namespace, Map<String, String> selector) {
        return pods(namespace, selector).filter(PodEndpoints::isReady);
    }

    /** Returns the Pods that a selector selects and that are to take traffic, but don't yet. */
    Stream<Pod> unready(String namespace, Map<String, String> selector) {
        return pods(namespace, selector).filter(pod -> !pod.terminating() && !isReady(pod));
    }

    private static boolean isReady(Pod pod) {
        return pod.ready() && !pod.terminating() && pod.address() != null;
    }

    /** Returns the Deployments whose Pods a selector selects. */
    Stream<Deployment> deployments(String namespace, Map<String, String> selector) {
        return selected(
                facts.ask(new Question.Deployments(namespace, selector)),
                Deployment::podLabels,
                selector);
    }

    /** Returns the EndpointSlices that a selector selects. */
    Stream<EndpointSlice> slices(String namespace, Map<String, String> selector) {
        return selected(
                facts.ask(new Question.Slices(namespace, selector)),
                slice -> slice.metadata().labels(),
                selector);
    }

    /**
     * Returns the simulated replicas that a selector selects.
     *
     * @param targetPort number of a port, or the name of a container port
     */
    Stream<Endpoint> replicas(String namespace, Map<String, String> selector, String targetPort) {
        return deployments(namespace, selector)
                .flatMap(deployment ->
                        replicas(deployment, number(ports(deployment), targetPort)).stream());
    }

    private List<Endpoint> replicas(Deployment deployment, int port) {
        List<Endpoint> replicas = facts.ask(new Question.Replicas(deployment, port));
        return replicas == null ? List.of() : replicas;
    }

    private Stream<Pod> pods(String namespace, Map<String, String> selector) {
        return selected(
                facts.ask(new Question.Pods(namespace, selector)),
                pod -> pod.metadata().labels(),
                selector);
    }

    private static <T> Stream<T> selected(
            @Nullable List<T> candidates,
            Function<T, Map<String, String>> labels,
            Map<String, String> selector) {
        return candidates == null
                ? Stream.empty()
                : candidates.stream()
                        .filter(candidate ->
                                labels.apply(candidate)
                                        .entrySet()
                                        .containsAll(selector.entrySet()));
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
