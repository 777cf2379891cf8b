package io.weir.routing;

import io.weir.picker.Endpoint;
import io.weir.resource.ObjectName;
import io.weir.split.WeightedChoice;

import java.util.List;

/** Where a request can go. */
public sealed interface Backend {

    /**
     * An InferencePool: its picker chooses the endpoint.
     *
     * @param handle the pool, which may change under way
     */
    record ToPool(PoolHandle handle) implements Backend {
        /** Makes a backend of a pool of its own. */
        public ToPool(Pool pool) {
            this(new PoolHandle(pool));
        }

        /** Returns the pool in force. */
        public Pool pool() {
            return handle.pool();
        }
    }

    /**
     * A Service: endpoints in turn.
     *
     * @param service name of the Service
     * @param port port of the Service
     * @param choice ready endpoints with equal weights; empty answers 503
     */
    record ToService(ObjectName service, int port, WeightedChoice<Endpoint> choice)
            implements Backend {}

    /**
     * A backend that can't be resolved: its share of the traffic is answered with 500.
     *
     * @param reason what is wrong, for the log
     */
    record Unresolved(String reason) implements Backend {}

    /** Returns endpoints in no particular order, for the lists of models. */
    default List<Endpoint> endpoints() {
        return switch (this) {
            case ToPool(PoolHandle handle) -> handle.pool().endpoints();
            case ToService(_, _, WeightedChoice<Endpoint> choice) -> choice.items();
            case Unresolved(_) -> List.of();
        };
    }
}
