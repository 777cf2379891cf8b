package io.weir.picker.latency;

/**
 * How many requests came to a server lately, and how many tokens of prompts with them: sums in
 * which a request counts less the longer ago it came,
 *
 * <pre>{@code
 * sum = Σ e^(-age/τ)        rate = sum / (τ·(1 - e^(-t/τ)))
 * }</pre>
 *
 * with the time {@code t} since the first one, so that the rate is right before the memory is full,
 * too. Written by any thread; writes that meet may lose one another.
 */
final class Arrivals {

    /** Twenty seconds: some hundred prompts, as these differ a lot in length. */
    private static final double MEMORY_MILLIS = 20_000;

    /** What came within a moment is not taken for what comes all the time. */
    private static final double LEAST_MILLIS = 200;

    private static final double NANOS_PER_MILLI = 1e6;

    private volatile boolean any;
    private volatile long firstNanos;
    private volatile long lastNanos;
    private volatile double requests;
    private volatile double tokens;

    void add(long uncachedTokens, long nowNanos) {
        if (!any) {
            firstNanos = nowNanos;
            lastNanos = nowNanos;
            any = true;
        }
        double kept = kept(nowNanos);
        requests = requests * kept + 1;
        tokens = tokens * kept + uncachedTokens;
        lastNanos = nowNanos;
    }

    /** Returns what the sums are multiplied with to get what came in one millisecond. */
    double perMilli(long nowNanos) {
        if (!any) {
            return 0;
        }
        double begun = (nowNanos - firstNanos) / NANOS_PER_MILLI;
        double remembered = -MEMORY_MILLIS * Math.expm1(-begun / MEMORY_MILLIS);
        return kept(nowNanos) / Math.max(LEAST_MILLIS, remembered);
    }

    /** Returns how many requests are remembered, as of the last one. */
    double requests() {
        return requests;
    }

    /** Returns how many tokens are remembered, as of the last request. */
    double tokens() {
        return tokens;
    }

    private double kept(long nowNanos) {
        double elapsed = (nowNanos - lastNanos) / NANOS_PER_MILLI;
        return Math.exp(-Math.max(0, elapsed) / MEMORY_MILLIS);
    }
}
