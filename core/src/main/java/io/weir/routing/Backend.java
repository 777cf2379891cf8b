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
     * @param pool the pool
     */
    record ToPool(Pool pool) implements Backend {}

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
            case ToPool(Pool pool) -> pool.endpoints();
            case ToService(_, _, WeightedChoice<Endpoint> choice) -> choice.items();
            case Unresolved(_) -> List.of();
        };
    }
}
