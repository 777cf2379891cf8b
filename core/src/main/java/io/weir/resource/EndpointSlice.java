package io.weir.resource;

import java.util.List;

/**
 * An EndpointSlice ({@code discovery.k8s.io/v1}).
 *
 * @param metadata metadata; label {@code kubernetes.io/service-name} names the Service
 * @param addressType {@code IPv4}, {@code IPv6} or {@code FQDN}
 * @param endpoints endpoints
 * @param ports ports by name
 */
public record EndpointSlice(
        ObjectMeta metadata, String addressType, List<Endpoint> endpoints, List<Port> ports)
        implements Resource {

    /** Label that names the Service of a slice. */
    public static final String SERVICE_NAME_LABEL = "kubernetes.io/service-name";

    public EndpointSlice {
        endpoints = List.copyOf(endpoints);
        ports = List.copyOf(ports);
    }

    @Override
    public String kind() {
        return "EndpointSlice";
    }

    /**
     * One endpoint.
     *
     * @param addresses addresses of the same endpoint
     * @param ready whether it takes traffic; absent counts as ready
     * @param podName name of the Pod behind it; empty when unknown
     */
    public record Endpoint(List<String> addresses, boolean ready, String podName) {
        public Endpoint {
            addresses = List.copyOf(addresses);
        }
    }

    /**
     * One port.
     *
     * @param name name as in the Service
     * @param port port number
     */
    public record Port(String name, int port) {}
}
