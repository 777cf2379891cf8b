package io.weir.simulator.metrics;

import java.util.Arrays;

/** Counts values by size. */
public final class Histogram {

    private final double[] bounds;
    private final long[] counts;
    private double sum;

    /**
     * @param bounds inclusive upper bounds in ascending order, without infinity
     */
    public Histogram(double... bounds) {
        this.bounds = bounds.clone();
        counts = new long[bounds.length + 1];
    }

    /** Counts a value. */
    public void observe(double value) {
        observe(value, 1);
    }

    /** Counts a value several times. */
    public void observe(double value, int times) {
        int found = Arrays.binarySearch(bounds, value);
        counts[found >= 0 ? found : -found - 1] += times;
        sum += value * times;
    }

    double[] bounds() {
        return bounds;
    }

    /** Returns the values in a bucket, not those in smaller ones. */
    long countIn(int bucket) {
        return counts[bucket];
    }

    double sum() {
        return sum;
    }
}
