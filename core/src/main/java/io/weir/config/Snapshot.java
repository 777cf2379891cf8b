package io.weir.config;

import io.weir.resource.ObjectKey;
import io.weir.routing.Pool;

import java.util.List;
import java.util.Map;

/**
 * Everything that a data plane needs, at one moment. Immutable.
 *
 * @param generation rises with every change
 * @param servers ports to serve
 * @param pools pools by key, also those that no route uses
 */
public record Snapshot(long generation, List<Server> servers, Map<ObjectKey, Pool> pools) {

    /** Serves nothing. */
    public static final Snapshot EMPTY = new Snapshot(0, List.of(), Map.of());

    public Snapshot {
        servers = List.copyOf(servers);
        pools = Map.copyOf(pools);
    }
}
