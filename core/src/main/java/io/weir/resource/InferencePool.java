package io.weir.resource;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;

/**
 * An InferencePool, of {@code inference.networking.k8s.io/v1} or {@code
 * inference.networking.x-k8s.io/v1alpha2}.
 *
 * @param metadata metadata; the group tells the version
 * @param selector labels of the pool's Pods, same namespace, all must match
 * @param targetPorts 1..8 ports; each is an endpoint of a Pod
 * @param appProtocol what the servers speak
 * @param endpointPicker the picker extension; null when absent
 */
public record InferencePool(
        ObjectMeta metadata,
        Map<String, String> selector,
        List<Integer> targetPorts,
        AppProtocol appProtocol,
        @Nullable EndpointPickerRef endpointPicker)
        implements Resource {

    /** Group of the version 1 API. */
    public static final String GROUP = "inference.networking.k8s.io";

    /** Group of the experimental API. */
    public static final String EXPERIMENTAL_GROUP = "inference.networking.x-k8s.io";

    public InferencePool {
        selector = Map.copyOf(selector);
        targetPorts = List.copyOf(targetPorts);
    }

    @Override
    public String kind() {
        return "InferencePool";
    }

    /** What the servers of a pool speak. */
    public enum AppProtocol {
        /** HTTP/1.1. */
        HTTP,
        /** Clear-text HTTP/2. */
        H2C
    }

    /** What happens when the picker can't be asked. */
    public enum FailureMode {
        /** Any ready endpoint of the pool serves the request. */
        FAIL_OPEN,
        /** The request fails. */
        FAIL_CLOSE
    }

    /**
     * The endpoint picker of a pool.
     *
     * @param group API group, empty for core
     * @param kind kind, default {@code Service}
     * @param name name
     * @param port port, 9002 when absent; null for kinds other than Service without one
     * @param failureMode what happens when the picker can't be asked
     */
    public record EndpointPickerRef(
            String group,
            String kind,
            String name,
            @Nullable Integer port,
            FailureMode failureMode) {}
}
