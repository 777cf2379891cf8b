package io.weir.resource;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;

/**
 * A Service.
 *
 * @param metadata metadata
 * @param type {@code ClusterIP}, {@code NodePort}, {@code LoadBalancer} or {@code ExternalName}
 * @param selector labels of its Pods; empty when EndpointSlices are made by hand
 * @param ports ports
 * @param clusterIp the cluster address; null or {@code None} when there is none
 */
public record Service(
        ObjectMeta metadata,
        String type,
        Map<String, String> selector,
        List<Port> ports,
        @Nullable String clusterIp)
        implements Resource {

    public Service {
        selector = Map.copyOf(selector);
        ports = List.copyOf(ports);
    }

    @Override
    public String kind() {
        return "Service";
    }

    /**
     * One port.
     *
     * @param name name, empty when there is one port
     * @param port port of the Service
     * @param targetPort port of the Pods: a number, or the name of a container port
     * @param appProtocol application protocol; null when absent
     */
    public record Port(String name, int port, String targetPort, @Nullable String appProtocol) {}
}
