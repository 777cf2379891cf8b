package io.weir.picker.latency;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What one server has before it, and what it did so far, as far as its streams tell. A first token
 * or the end of an answer comes at the end of a step, so that the latest of them tells where the
 * server is in its step.
 *
 * <p>Thread-safe and lock-free. Sums of what the server did only grow; the difference of two {@link
 * Mark}s says what it was busy with between them.
 */
public final class ServerWork {

    private static final double NANOS_PER_MILLI = 1e6;

    private final PendingPrompts pending = new PendingPrompts();
    private final SlotLimit slots = new SlotLimit();
    private final Arrivals arrivals = new Arrivals();
    private final AtomicInteger followed = new AtomicInteger();
    private final AtomicInteger streams = new AtomicInteger();
    private final AtomicLong ends = new AtomicLong();
    private final AtomicLong seenNanos = new AtomicLong(Long.MIN_VALUE);
    private final AtomicLong sequenceNanos = new AtomicLong();
    private final AtomicLong cacheNanos = new AtomicLong();
    private final AtomicLong streamNanos = new AtomicLong();
    private final AtomicLong promptTokens = new AtomicLong();
    private volatile long stepEndNanos = Long.MIN_VALUE;
    private volatile int requests;
    private volatile double kvCacheUsage;
    private volatile @Nullable Mark learned;

    /**
     * Sums up to a moment.
     *
     * @param nanos the moment
     * @param sequenceNanos requests, times how long each was there
     * @param cacheNanos use of the KV cache, 0..1, times how long it was so
     * @param promptTokens tokens of prompts that were worked out
     * @param streamNanos answers that were followed from their first token on, times how long each
     *     was being put out
     * @param ends how many of these ended
     */
    public record Mark(
            long nanos,
            long sequenceNanos,
            long cacheNanos,
            long promptTokens,
            long streamNanos,
            long ends) {}

    ServerWork() {}

    /**
     * Notes that a prompt was sent.
     *
     * @param uncachedTokens tokens that the server has to work out
     * @param requestsNow requests that the server has, this one included
     * @return by what the prompt is called later on
     */
    public long sent(long uncachedTokens, int requestsNow, double kvCacheUsageNow, long nowNanos) {
        observe(requestsNow, kvCacheUsageNow, nowNanos);
        arrivals.add(uncachedTokens, nowNanos);
        followed.incrementAndGet();
        return pending.add(uncachedTokens, nowNanos);
    }

    /** Notes that a prompt's first token came, and returns what the server did so far. */
    public Mark answered(
            long prompt, long tokens, int requestsNow, double kvCacheUsageNow, long nowNanos) {
        pending.remove(prompt);
        promptTokens.addAndGet(Math.max(0, tokens));
        observe(requestsNow, kvCacheUsageNow, nowNanos);
        streams.incrementAndGet();
        return stepEnd(nowNanos);
    }

    /** Notes that an answer ended, and returns what the server did so far. */
    public Mark ended(int requestsNow, double kvCacheUsageNow, long nowNanos) {
        observe(requestsNow, kvCacheUsageNow, nowNanos);
        brokenOff();
        return stepEnd(nowNanos);
    }

    /** Notes that an answer will not be put out any further. */
    public void brokenOff() {
        followed.decrementAndGet();
        streams.decrementAndGet();
        ends.incrementAndGet();
    }

    private Mark stepEnd(long nowNanos) {
        stepEndNanos = nowNanos;
        return new Mark(
                nowNanos,
                sequenceNanos.get(),
                cacheNanos.get(),
                promptTokens.get(),
                streamNanos.get(),
                ends.get());
    }

    /** Notes that a prompt will not be answered. */
    public void gone(long prompt) {
        followed.decrementAndGet();
        pending.remove(prompt);
    }

    /** Notes what the server said about itself; the same may be noted any number of times. */
    public void scraped(long takenNanos, int running, int waiting) {
        slots.learn(takenNanos, running, waiting);
    }

    /** Returns how many prompts were sent and are not answered. */
    public int unanswered() {
        return pending.count();
    }

    /** Returns how many requests are followed that are not over. */
    int followed() {
        return Math.max(0, followed.get());
    }

    /** Returns up to where the length of answers was learned from this server; null at first. */
    @Nullable Mark learned() {
        return learned;
    }

    void learned(Mark mark) {
        learned = mark;
    }

    Arrivals arrivals() {
        return arrivals;
    }

    PendingPrompts pending() {
        return pending;
    }

    /** Returns how many sequences the server works on at most. */
    int slots() {
        return slots.slots();
    }

    /**
     * Returns when a step was last seen to end, in milliseconds from now: never positive; negative
     * infinity when none was.
     */
    double stepEndMillis(long nowNanos) {
        long end = stepEndNanos;
        return end == Long.MIN_VALUE
                ? Double.NEGATIVE_INFINITY
                : Math.min(0, end - nowNanos) / NANOS_PER_MILLI;
    }

    /** Until now everything was as it was seen last. */
    private void observe(int requestsNow, double kvCacheUsageNow, long nowNanos) {
        long before = seenNanos.get();
        boolean isFirst = before == Long.MIN_VALUE;
        if ((isFirst || nowNanos - before > 0) && seenNanos.compareAndSet(before, nowNanos)) {
            long elapsed = isFirst ? 0 : nowNanos - before;
            sequenceNanos.addAndGet(requests * elapsed);
            cacheNanos.addAndGet(Math.round(kvCacheUsage * elapsed));
            streamNanos.addAndGet(streams.get() * elapsed);
        }
        requests = requestsNow;
        kvCacheUsage = kvCacheUsageNow;
    }
}
