package io.weir.resource;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * A Pod, as far as endpoints need it.
 *
 * @param metadata metadata; labels are what pools select
 * @param spec containers
 * @param address {@code status.podIP}, also a host name in files; null when it has none yet
 * @param nodeAddress {@code status.hostIP}; empty when it has none
 * @param ready whether condition Ready is True; a Pod from a file with an address counts as ready
 * @param terminating whether it is being deleted
 */
public record Pod(
        ObjectMeta metadata,
        PodSpec spec,
        @Nullable String address,
        String nodeAddress,
        boolean ready,
        boolean terminating)
        implements Resource {

    @Override
    public String kind() {
        return "Pod";
    }

    /**
     * Returns the containers' ports, for named target ports.
     *
     * @return ports of all containers
     */
    public List<PodSpec.ContainerPort> ports() {
        return spec.containers().stream().flatMap(c -> c.ports().stream()).toList();
    }
}
