package io.weir.picker.state;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Models that requests were sent to one endpoint for within the last seconds.
 *
 * <p>A server's metrics tell of an adapter only once a request for it runs there. A burst of
 * requests for one adapter would make every server load it, if the first request's choice were not
 * remembered. Thread-safe and lock-free; two models that meet in one slot hide each other.
 */
public final class RecentAdapters {

    private static final int SLOTS = 16;
    private static final long MEMORY_MILLIS = 2000;

    private final AtomicLongArray slots = new AtomicLongArray(SLOTS);

    /** Notes that a request for a model was sent. */
    public void add(String model, long nowNanos) {
        int hash = spread(model.hashCode());
        slots.setOpaque(hash & (SLOTS - 1), ((long) hash << 32) | (millis(nowNanos) & 0xFFFFFFFFL));
    }

    /** Returns whether a request for a model was sent lately. */
    public boolean has(String model, long nowNanos) {
        int hash = spread(model.hashCode());
        long slot = slots.getOpaque(hash & (SLOTS - 1));
        return slot != 0
                && (int) (slot >>> 32) == hash
                && Integer.compareUnsigned(millis(nowNanos) - (int) slot, (int) MEMORY_MILLIS) < 0;
    }

    private static int spread(int hash) {
        return hash ^ (hash >>> 16);
    }

    private static int millis(long nanos) {
        return (int) TimeUnit.NANOSECONDS.toMillis(nanos);
    }
}
