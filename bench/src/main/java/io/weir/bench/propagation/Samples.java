package io.weir.bench.propagation;

import java.util.Arrays;

/** Times of one kind of change, in nanoseconds. */
final class Samples {

    private final long[] nanos;
    private int size;

    Samples(int capacity) {
        nanos = new long[capacity];
    }

    void add(long sample) {
        nanos[size++] = sample;
    }

    /** Returns a percentile; not a number when there are no samples. */
    double millis(int percentile) {
        if (size == 0) {
            return Double.NaN;
        }
        long[] sorted = Arrays.copyOf(nanos, size);
        Arrays.sort(sorted);
        return sorted[Math.min(size - 1, size * percentile / 100)] / 1e6;
    }
}
