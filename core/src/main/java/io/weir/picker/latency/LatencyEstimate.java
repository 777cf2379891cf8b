package io.weir.picker.latency;

/**
 * Predicts one kind of time from features, and learns from what was measured. Predictions are made
 * by any thread; samples are learned by one at a time.
 *
 * <p>Errors are relative: a sample's weight is the inverse of its predicted square, so that short
 * times count as much as long ones.
 */
final class LatencyEstimate {

    // Remembers about two thousand samples.
    private static final double FORGETTING = 0.9995;
    private static final double FIRST_VARIANCE = 100;
    private static final int SAMPLES_WITHOUT_OUTLIERS = 50;
    private static final double OUTLIER = 4;
    private static final double MANY = 0.9;

    private final double leastMillis;
    private final double near;
    private final RecursiveLeastSquares line =
            new RecursiveLeastSquares(LatencyFeatures.SIZE, FORGETTING, FIRST_VARIANCE);
    private final RatioQuantile many = new RatioQuantile(MANY, 1.5);
    private volatile double[] weights = line.weights();

    /**
     * Where the next weights are written: a prediction that takes so long that it sees some of them
     * is as good as one of a moment later.
     */
    private double[] nextWeights = line.weights();

    private final MedianError error = new MedianError();
    private volatile int samples;

    /**
     * @param leastMillis what is never predicted less
     * @param near relative error beyond which a sample counts by its distance and no more by its
     *     square: with a small one, half of the predictions are too high and half too low, with an
     *     infinite one they are right on average
     */
    LatencyEstimate(double leastMillis, double near) {
        this.leastMillis = leastMillis;
        this.near = near;
    }

    /** Returns milliseconds that as many requests exceed as stay below. */
    double predict(float[] x, ServerPace.Slowness slowness) {
        return base(weights, x) * slowness.factor();
    }

    /** Returns the factor on {@link #predict} that nine of ten requests stay below. */
    double factorForMany() {
        return Math.max(1, many.ratio());
    }

    /** Returns the median of the relative error of the latest predictions, about. */
    double error() {
        return error.median();
    }

    int samples() {
        return samples;
    }

    /** Learns from a request; the prediction is judged before. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // One thread at a time learns.
    void learn(float[] x, ServerPace.Slowness slowness, double millis) {
        double base = base(weights, x);
        double factor = slowness.factor();
        double ratio = millis / (base * factor);
        boolean first = samples < SAMPLES_WITHOUT_OUTLIERS;
        if (!first) {
            many.learn(ratio);
            error.learn(base * factor, millis);
            slowness.learn(ratio);
        }
        double value = millis / factor;
        double typical = first ? Math.max(leastMillis, value) : base;
        double kept = first ? value : Math.clamp(value, base / OUTLIER, base * OUTLIER);
        double off = Math.abs(kept / typical - 1);
        line.learn(x, kept, weight(off) / typical);
        publishWeights();
        samples++;
    }

    private double weight(double off) {
        return off <= near ? 1 : Math.sqrt(near / off);
    }

    private void publishWeights() {
        double[] former = weights;
        line.weights(nextWeights);
        weights = nextWeights;
        nextWeights = former;
    }

    private double base(double[] by, float[] x) {
        return Math.max(leastMillis, RecursiveLeastSquares.dot(by, x));
    }
}
