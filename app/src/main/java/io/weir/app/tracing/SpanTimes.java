package io.weir.app.tracing;

import java.time.Instant;
import java.util.concurrent.TimeUnit;

/**
 * Turns times of a request's record into times of the day.
 *
 * @param epochNanosAtZero time of the day at which {@link System#nanoTime()} was 0, in nanoseconds
 *     since 1970
 */
record SpanTimes(long epochNanosAtZero) {

    /** Returns times by one that is known both ways. */
    static SpanTimes since(long nanoTime, Instant sameTime) {
        long epochNanos = TimeUnit.SECONDS.toNanos(sameTime.getEpochSecond()) + sameTime.getNano();
        return new SpanTimes(epochNanos - nanoTime);
    }

    long epochNanos(long nanoTime) {
        return epochNanosAtZero + nanoTime;
    }
}
