package io.weir.picker.pool;

import io.weir.picker.flow.Outcome;
import io.weir.picker.flow.Waiting;
import io.weir.resource.ObjectKey;

/** Is told of requests that had to wait, were not let in, or were broken off for others. */
@FunctionalInterface
public interface PoolFlowObserver {

    /** Looks at nothing. */
    PoolFlowObserver NONE = (_, _, _, _) -> {};

    /** A request left a pool's line. Called on any thread; must not block. */
    void left(ObjectKey pool, Waiting request, Outcome outcome, long waitNanos);

    /**
     * A running request that was broken off for a more important one has ended. Called on any
     * thread; must not block.
     *
     * @param nanos how long that took since it was told
     */
    default void evicted(ObjectKey pool, long nanos) {}
}
