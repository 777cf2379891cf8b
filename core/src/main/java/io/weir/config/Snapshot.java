package io.weir.config;

import io.weir.collection.PersistentMap;
import io.weir.resource.ObjectKey;
import io.weir.routing.Pool;
import io.weir.routing.PoolHandle;

import java.util.List;

/**
 * Everything that a data plane needs, at one moment. Immutable.
 *
 * <p>Routes hold pools by handles, which a snapshot shares with those before it: {@link #publish}
 * puts its pools into them.
 *
 * @param generation rises with every change
 * @param servers ports to serve
 * @param pools pools by key, also those that no route uses
 * @param handles how routes hold these pools
 */
public record Snapshot(
        long generation,
        List<Server> servers,
        PersistentMap<ObjectKey, Pool> pools,
        PersistentMap<ObjectKey, PoolHandle> handles) {

    /** Serves nothing. */
    public static final Snapshot EMPTY =
            new Snapshot(0, List.of(), PersistentMap.empty(), PersistentMap.empty());

    public Snapshot {
        servers = List.copyOf(servers);
    }

    /** Makes a snapshot whose routes bring their pools along. */
    public Snapshot(long generation, List<Server> servers) {
        this(generation, servers, PersistentMap.empty(), PersistentMap.empty());
    }

    /**
     * Puts these pools in force for all routes to them. To be called by one thread at a time, right
     * before the servers are.
     *
     * @param before what was published last
     */
    public void publish(Snapshot before) {
        before.pools.differences(
                pools,
                (key, _, pool) -> {
                    PoolHandle handle = handles.get(key);
                    if (pool != null && handle != null) {
                        handle.publish(pool);
                    }
                });
    }
}
