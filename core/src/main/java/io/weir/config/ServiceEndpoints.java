package io.weir.config;

import io.weir.picker.Endpoint;
import io.weir.resource.EndpointSlice;
import io.weir.resource.Pod;
import io.weir.resource.PodSpec.ContainerPort;
import io.weir.resource.Service;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Finds the endpoints of a Service: those of its EndpointSlices when there are some, otherwise the
 * Pods that it selects; and simulated replicas in either case.
 */
final class ServiceEndpoints {

    private final PodEndpoints pods;

    ServiceEndpoints(PodEndpoints pods) {
        this.pods = pods;
    }

    /** Returns the endpoints that are ready, each address and port once. */
    List<Endpoint> find(Service service, Service.Port port) {
        List<EndpointSlice> slices = slices(service);
        Stream<Endpoint> servers =
                slices.isEmpty()
                        ? pods.ready(service.metadata().namespace(), service.selector())
                                .flatMap(pod -> endpoint(pod, port))
                        : slices.stream().flatMap(slice -> endpoints(slice, port));
        Stream<Endpoint> replicas =
                pods.replicas(
                        service.metadata().namespace(),
                        service.selector(),
                        declared -> isTarget(declared, port));
        Map<String, Endpoint> found = new LinkedHashMap<>();
        Stream.concat(servers, replicas)
                .forEach(endpoint -> found.putIfAbsent(endpoint.authority(), endpoint));
        return List.copyOf(found.values());
    }

    private List<EndpointSlice> slices(Service service) {
        Map<String, String> name =
                Map.of(EndpointSlice.SERVICE_NAME_LABEL, service.metadata().name());
        return pods.slices(service.metadata().namespace(), name).toList();
    }

    private static Stream<Endpoint> endpoints(EndpointSlice slice, Service.Port port) {
        return slice.ports().stream()
                .filter(candidate -> candidate.name().equals(port.name()))
                .flatMap(candidate ->
                        slice.endpoints().stream()
                                .filter(e -> e.ready() && !e.addresses().isEmpty())
                                .map(e -> SliceEndpoints.of(slice, e, candidate)));
    }

    private static Stream<Endpoint> endpoint(Pod pod, Service.Port port) {
        String address = pod.address();
        int number = number(pod, port.targetPort());
        if (address == null || number < 0) {
            return Stream.empty();
        }
        String name = pod.metadata().objectName() + ":" + number;
        return Stream.of(
                new Endpoint(
                        name, pod.metadata().name(), address, number, pod.metadata().labels()));
    }

    /** Returns the number of a target port on a Pod; -1 when the Pod has no port of that name. */
    private static int number(Pod pod, String targetPort) {
        if (isNumber(targetPort)) {
            return Integer.parseInt(targetPort);
        }
        return pod.ports().stream()
                .filter(port -> port.name().equals(targetPort))
                .mapToInt(ContainerPort::port)
                .findFirst()
                .orElse(-1);
    }

    private static boolean isTarget(ContainerPort declared, Service.Port port) {
        return isNumber(port.targetPort())
                ? port.targetPort().equals(String.valueOf(declared.port()))
                : port.targetPort().equals(declared.name());
    }

    private static boolean isNumber(String targetPort) {
        return !targetPort.isEmpty() && targetPort.chars().allMatch(Character::isDigit);
    }
}
