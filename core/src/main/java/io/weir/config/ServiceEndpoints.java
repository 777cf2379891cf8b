package io.weir.config;

import io.weir.picker.Endpoint;
import io.weir.resource.EndpointSlice;
import io.weir.resource.Pod;
import io.weir.resource.Service;
import io.weir.routing.Backend;
import io.weir.split.WeightedChoice;

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

    /** Returns a port of a Service as a backend. */
    Backend backend(Service service, Service.Port port) {
        return new Backend.ToService(
                service.metadata().objectName(),
                port.port(),
                WeightedChoice.equal(find(service, port)));
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
                        service.metadata().namespace(), service.selector(), port.targetPort());
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
        int number = PodEndpoints.number(pod.ports(), port.targetPort());
        if (address == null || number < 0) {
            return Stream.empty();
        }
        String name = pod.metadata().objectName() + ":" + number;
        return Stream.of(
                new Endpoint(
                        name, pod.metadata().name(), address, number, pod.metadata().labels()));
    }
}
