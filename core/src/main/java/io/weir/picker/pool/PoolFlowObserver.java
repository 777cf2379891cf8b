package io.weir.picker.pool;

import io.weir.picker.flow.Outcome;
import io.weir.picker.flow.Waiting;
import io.weir.resource.ObjectKey;

/** Is told of requests that had to wait, or were not let in. */
@FunctionalInterface
public interface PoolFlowObserver {

    /** Looks at nothing. */
    PoolFlowObserver NONE = (_, _, _, _) -> {};

    /** A request left a pool's line. Called on any thread; must not block. */
    void left(ObjectKey pool, Waiting request, Outcome outcome, long waitNanos);
}
