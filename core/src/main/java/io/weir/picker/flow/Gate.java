package io.weir.picker.flow;

/** How full a pool is. Asked by one thread at a time, where nothing else is said. */
public interface Gate {

    /**
     * Returns the saturation: 0 for an idle pool, 1 and more for a full one.
     *
     * @param unplacedRequests requests that were let go and are on no endpoint yet
     * @param unplacedTokens their tokens
     */
    double saturation(long unplacedRequests, long unplacedTokens);

    /** Returns whether the pool has no endpoint. */
    boolean isEmpty();

    /** Returns after how many nanoseconds the saturation shows what has ended. On any thread. */
    long lagNanos();
}
