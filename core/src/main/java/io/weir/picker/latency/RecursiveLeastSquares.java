package io.weir.picker.latency;

import java.util.Arrays;

/**
 * Finds weights {@code w} so that {@code w·x} is near {@code y}, one sample at a time, in the
 * square of the number of features for each. Old samples count less and less.
 *
 * <p>{@code P} is the inverse of the weighted correlation of the features so far:
 *
 * <pre>{@code
 * k = P·x / (λ + x·P·x)
 * w = w + k·(y - w·x)
 * P = (P - k·(P·x)ᵀ) / λ
 * }</pre>
 *
 * <p>When samples say nothing new in some direction, dividing by λ makes {@code P} grow without
 * end; it is thus not divided while its diagonal is large.
 *
 * <p>Not thread-safe.
 *
 * @see <a href="https://en.wikipedia.org/wiki/Recursive_least_squares_filter">Recursive least
 *     squares filter</a>
 */
final class RecursiveLeastSquares {

    private final int size;
    private final double forgetting;
    private final double firstVariance;
    private final double[] weights;
    private final double[] inverse;
    private final double[] gain;

    /**
     * @param size number of features
     * @param forgetting λ, 0..1: what a sample counts when the next has come; 0.999 remembers about
     *     a thousand
     * @param firstVariance how little is known at the beginning; larger learns faster
     */
    RecursiveLeastSquares(int size, double forgetting, double firstVariance) {
        this(new double[size], forgetting, firstVariance);
    }

    /**
     * @param first weights to begin with
     * @param forgetting λ
     * @param firstVariance how little is known of them
     */
    RecursiveLeastSquares(double[] first, double forgetting, double firstVariance) {
        this.size = first.length;
        this.forgetting = forgetting;
        this.firstVariance = firstVariance;
        weights = first.clone();
        inverse = new double[size * size];
        gain = new double[size];
        for (int i = 0; i < size; i++) {
            inverse[i * size + i] = firstVariance;
        }
    }

    /** Returns {@code w·x}. */
    double estimate(float[] x) {
        return dot(weights, x);
    }

    /** Returns a copy of the weights. */
    double[] weights() {
        return Arrays.copyOf(weights, size);
    }

    /** Copies the weights into an array. */
    void weights(double[] to) {
        System.arraycopy(weights, 0, to, 0, size);
    }

    /**
     * Learns from a sample.
     *
     * @param scale what features and value are multiplied with; its square is the sample's weight
     */
    void learn(float[] x, double y, double scale) {
        double denominator = forgetting + scale * scale * multiply(x);
        double error = scale * (y - estimate(x));
        double divisor = isKnownTooLittle() ? 1 : forgetting;
        for (int i = 0; i < size; i++) {
            weights[i] += scale * gain[i] / denominator * error;
        }
        for (int i = 0; i < size; i++) {
            for (int j = i; j < size; j++) {
                double value =
                        (inverse[i * size + j] - scale * scale * gain[i] * gain[j] / denominator)
                                / divisor;
                inverse[i * size + j] = value;
                inverse[j * size + i] = value;
            }
        }
    }

    /** Writes {@code P·x} into {@link #gain} and returns {@code x·P·x}. */
    private double multiply(float[] x) {
        double sum = 0;
        for (int i = 0; i < size; i++) {
            double product = 0;
            for (int j = 0; j < size; j++) {
                product += inverse[i * size + j] * x[j];
            }
            gain[i] = product;
            sum += product * x[i];
        }
        return sum;
    }

    private boolean isKnownTooLittle() {
        for (int i = 0; i < size; i++) {
            if (inverse[i * size + i] > firstVariance) {
                return true;
            }
        }
        return false;
    }

    static double dot(double[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }
}
