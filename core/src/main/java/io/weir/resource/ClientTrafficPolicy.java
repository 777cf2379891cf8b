package io.weir.resource;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * The part of a ClientTrafficPolicy ({@code gateway.envoyproxy.io}) that Weir honours.
 *
 * @param metadata metadata
 * @param targetRefs Gateways (or listeners) that the policy applies to
 * @param bufferLimitBytes most bytes of a request body held in memory; null when not set
 */
public record ClientTrafficPolicy(
        ObjectMeta metadata, List<ParentRef> targetRefs, @Nullable Long bufferLimitBytes)
        implements Resource {

    public ClientTrafficPolicy {
        targetRefs = List.copyOf(targetRefs);
    }

    @Override
    public String kind() {
        return "ClientTrafficPolicy";
    }
}
