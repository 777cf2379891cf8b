package io.weir.picker.flow;

/**
 * Is told of requests that came into the line, and of those that were broken off for others. Called
 * on any thread; must not block.
 */
@FunctionalInterface
public interface FlowObserver {

    /** Looks at nothing. */
    FlowObserver NONE = (_, _, _) -> {};

    /**
     * A request left the line, or was not let in.
     *
     * @param waitNanos how long it waited
     */
    void left(Waiting request, Outcome outcome, long waitNanos);

    /**
     * A running request that was broken off for a more important one has ended.
     *
     * @param nanos how long that took since it was told
     */
    default void evicted(long nanos) {}
}
