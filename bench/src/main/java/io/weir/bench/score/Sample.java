package io.weir.bench.score;

import java.util.Arrays;

/** Numbers and what they amount to. */
final class Sample {

    private double[] values = new double[1024];
    private int size;
    private boolean sorted;

    void add(double value) {
        if (size == values.length) {
            values = Arrays.copyOf(values, 2 * size);
        }
        values[size++] = value;
        sorted = false;
    }

    double mean() {
        double sum = 0;
        for (int i = 0; i < size; i++) {
            sum += values[i];
        }
        return size == 0 ? 0 : sum / size;
    }

    /** Returns the least value that a share of all values does not exceed. */
    double quantile(double share) {
        if (size == 0) {
            return 0;
        }
        if (!sorted) {
            Arrays.sort(values, 0, size);
            sorted = true;
        }
        return values[Math.clamp((int) Math.ceil(share * size) - 1, 0, size - 1)];
    }
}
