package io.weir.picker.latency;

/**
 * How long the steps of a server take: a line over what they are busy with, whose weights are
 * learned. One thread at a time learns, any reads.
 */
final class StepTimes {

    /**
     * Numbers that a step is told by: one, its sequences, its KV cache and its tokens of prompts.
     */
    static final int SIZE = 4;

    private static final double FORGETTING = 0.9995;
    // Samples scatter by one percent: even weak features count before long.
    private static final double UNKNOWN = 1e6;
    private static final double GUESSED = 1e5;
    private static final double LEAST_MILLIS = 0.05;
    private static final double SEQUENCES = 50;
    private static final double CACHES = 0.25;
    private static final double TOKENS = 1000;

    private final RecursiveLeastSquares line;
    private volatile double[] weights;

    /**
     * Where the next weights are written: a prediction that takes so long that it sees some of them
     * is as good as one of a moment later.
     */
    private double[] nextWeights;

    /** Nothing is known. */
    StepTimes() {
        this(new RecursiveLeastSquares(SIZE, FORGETTING, UNKNOWN));
    }

    private StepTimes(RecursiveLeastSquares line) {
        this.line = line;
        weights = line.weights();
        nextWeights = line.weights();
    }

    /** Returns times to begin with of a server that is slower than these. */
    StepTimes slower(double factor) {
        double[] first = line.weights();
        for (int i = 0; i < SIZE; i++) {
            first[i] *= factor;
        }
        return new StepTimes(new RecursiveLeastSquares(first, FORGETTING, GUESSED));
    }

    /** Fills an array with what a step is busy with. */
    static void fill(float[] x, double sequences, double kvCacheUsage, double promptTokens) {
        x[0] = 1;
        x[1] = (float) (sequences / SEQUENCES);
        x[2] = (float) (kvCacheUsage / CACHES);
        x[3] = (float) (promptTokens / TOKENS);
    }

    /** Returns the milliseconds of a step. */
    double millis(double sequences, double kvCacheUsage, double promptTokens) {
        double[] w = weights;
        double decode = w[0] + w[1] * (sequences / SEQUENCES) + w[2] * (kvCacheUsage / CACHES);
        return Math.max(LEAST_MILLIS, decode) + promptMillis(promptTokens);
    }

    /** Returns the milliseconds that a step is longer with tokens of prompts in it. */
    double promptMillis(double promptTokens) {
        return Math.max(0, weights[3]) * (promptTokens / TOKENS);
    }

    /** Returns the milliseconds of a step that is like the ones that are learned from. */
    double millis(float[] x) {
        return Math.max(LEAST_MILLIS, RecursiveLeastSquares.dot(weights, x));
    }

    /**
     * Learns from steps.
     *
     * @param typicalMillis what they should have taken: errors count relative to it
     */
    void learn(float[] x, double millis, double typicalMillis) {
        line.learn(x, millis, 1 / typicalMillis);
        double[] former = weights;
        line.weights(nextWeights);
        weights = nextWeights;
        nextWeights = former;
    }
}
