package io.weir.picker.latency;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * The prompts that were sent to one server and are not answered, in the order in which they were
 * sent. A ring: when there are more than {@link #SIZE}, the oldest are forgotten. Thread-safe and
 * lock-free; a reader may miss what changes while it reads.
 */
final class PendingPrompts {

    /** How many are remembered; a power of two. */
    static final int SIZE = 128;

    // 0 where there is no prompt.
    private final AtomicIntegerArray tokens = new AtomicIntegerArray(SIZE);
    private final AtomicLongArray sentNanos = new AtomicLongArray(SIZE);
    private final AtomicLong next = new AtomicLong();
    private final AtomicInteger count = new AtomicInteger();

    /**
     * Adds a prompt.
     *
     * @param uncachedTokens tokens that the server has to work out
     * @return by what it is taken away
     */
    long add(long uncachedTokens, long nowNanos) {
        long ticket = next.getAndIncrement();
        int place = place(ticket);
        sentNanos.set(place, nowNanos);
        int least = Math.clamp(uncachedTokens, 1, Integer.MAX_VALUE);
        if (tokens.getAndSet(place, least) == 0) {
            count.incrementAndGet();
        }
        return ticket;
    }

    /** Takes a prompt away, unless it is forgotten or was taken away before. */
    void remove(long ticket) {
        boolean isForgotten = next.get() - ticket > SIZE;
        if (!isForgotten && tokens.getAndSet(place(ticket), 0) != 0) {
            count.decrementAndGet();
        }
    }

    /**
     * Copies the prompts, the newest first.
     *
     * @param tokensOf to be filled from {@code from} on
     * @param sentMillis to be filled likewise, with times relative to now: never positive
     * @param from place of the first one
     * @return the place behind the last one
     */
    int copy(double[] tokensOf, double[] sentMillis, int from, long nowNanos) {
        long newest = next.get() - 1;
        int end = from + Math.clamp(count.get(), 0, SIZE);
        int to = from;
        for (long ticket = newest; to < end && newest - ticket < SIZE; ticket--) {
            int place = place(ticket);
            int of = tokens.get(place);
            if (of > 0) {
                tokensOf[to] = of;
                sentMillis[to++] = Math.min(0, sentNanos.get(place) - nowNanos) / 1e6;
            }
        }
        return to;
    }

    /** Returns how many there are. */
    int count() {
        return count.get();
    }

    private static int place(long ticket) {
        return (int) ticket & (SIZE - 1);
    }
}
