package io.weir.picker.latency;

/**
 * Follows a quantile of the ratio between what was measured and what was predicted, by stochastic
 * approximation: a step up when the ratio lies above, a step down when it lies below, so sized that
 * the two cancel out at the quantile. Written by one thread at a time, read by any.
 */
final class RatioQuantile {

    private static final double STEP = 0.015;

    private final double quantile;
    private volatile double logRatio;

    /**
     * @param quantile share of ratios that shall lie below, 0..1
     * @param first value to begin with, above 0
     */
    RatioQuantile(double quantile, double first) {
        this.quantile = quantile;
        this.logRatio = Math.log(first);
    }

    double ratio() {
        return Math.exp(logRatio);
    }

    void learn(double ratio) {
        double now = logRatio;
        logRatio = now + (Math.log(ratio) > now ? STEP * quantile : -STEP * (1 - quantile));
    }
}
