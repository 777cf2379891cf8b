package io.weir.picker.flow;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * A pool with room for so many requests.
 *
 * @param running those that run, by any thread
 * @param capacity how many may
 */
record CountedGate(AtomicInteger running, int capacity) implements Gate {

    @Override
    public double saturation(long unplacedRequests, long unplacedTokens) {
        return (double) (running.get() + unplacedRequests) / capacity;
    }

    @Override
    public boolean isEmpty() {
        return false;
    }

    @Override
    public long lagNanos() {
        return 0;
    }
}
