package io.weir.picker.latency;

/**
 * Follows the median of relative errors by stochastic approximation: a step up for an error that is
 * larger, one down for a smaller one. Written by one thread at a time, read by any.
 */
final class MedianError {

    private static final double STEP = 0.02;
    private static final double LEAST = 0.05;

    private volatile double median = 1;

    /** Returns the median of the latest errors, about; 1 before there were any. */
    double median() {
        return median;
    }

    void learn(double predicted, double measured) {
        double error = Math.abs(1 - predicted / measured);
        double now = median;
        median = now + (error > now ? STEP : -STEP) * Math.max(now, LEAST);
    }
}
