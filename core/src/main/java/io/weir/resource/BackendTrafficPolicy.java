package io.weir.resource;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.List;

/**
 * The part of a BackendTrafficPolicy ({@code gateway.envoyproxy.io}) that Weir honours.
 *
 * @param metadata metadata
 * @param targetRefs Gateways, listeners or HTTPRoutes that the policy applies to
 * @param requestTimeout time for the whole request; null when not set, zero for none
 */
public record BackendTrafficPolicy(
        ObjectMeta metadata, List<ParentRef> targetRefs, @Nullable Duration requestTimeout)
        implements Resource {

    public BackendTrafficPolicy {
        targetRefs = List.copyOf(targetRefs);
    }

    @Override
    public String kind() {
        return "BackendTrafficPolicy";
    }
}
