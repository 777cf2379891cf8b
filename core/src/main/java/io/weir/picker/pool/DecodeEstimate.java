package io.weir.picker.pool;

/**
 * How many tokens an answer is likely to have: an exponentially weighted mean of those seen.
 * Thread-safe; concurrent updates may lose one another, which only slows the mean down.
 */
final class DecodeEstimate {

    private static final double FIRST_GUESS_TOKENS = 256;
    private static final double STEP = 1.0 / 64;

    private volatile double meanTokens = FIRST_GUESS_TOKENS;

    /** Returns the tokens to expect, at least 1. */
    long expected(long maxTokens) {
        long mean = Math.max(1, Math.round(meanTokens));
        return maxTokens > 0 ? Math.min(mean, maxTokens) : mean;
    }

    void observe(long completionTokens) {
        if (completionTokens >= 0) {
            double mean = meanTokens;
            meanTokens = mean + (completionTokens - mean) * STEP;
        }
    }
}
