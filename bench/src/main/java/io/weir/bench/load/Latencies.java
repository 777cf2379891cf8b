package io.weir.bench.load;

import org.HdrHistogram.Histogram;

import java.time.Duration;

/** How long things took, in microseconds to three digits; filled by one thread. */
public final class Latencies {

    private static final long MOST_MICROS = Duration.ofMinutes(10).toNanos() / 1000;

    private final Histogram micros = new Histogram(1, MOST_MICROS, 3);

    /** Adds one; beyond ten minutes counts as ten minutes. */
    public void record(long nanos) {
        micros.recordValue(Math.clamp(nanos / 1000, 1, MOST_MICROS));
    }

    /** Returns how many there are. */
    public long count() {
        return micros.getTotalCount();
    }

    /** Returns a percentile in microseconds; 0 when there are none. */
    public long micros(double percentile) {
        return micros.getValueAtPercentile(percentile);
    }
}
