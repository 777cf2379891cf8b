package io.weir.kubernetes.status;

import io.weir.resource.ObjectKey;

import java.util.List;

/** Says where clients reach a Gateway. */
@FunctionalInterface
public interface GatewayAddresses {

    /** Where its listeners are bound. */
    GatewayAddresses AS_BOUND = (_, bound, _) -> bound;

    /**
     * Returns IP addresses or host names, the best first.
     *
     * @param gateway the Gateway
     * @param bound addresses on which its listeners are bound
     * @param wanted addresses that it asks for; empty for any
     */
    List<String> of(ObjectKey gateway, List<String> bound, List<String> wanted);
}
