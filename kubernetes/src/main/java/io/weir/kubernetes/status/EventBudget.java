package io.weir.kubernetes.status;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * How many events may be recorded: many at once, but few per second in the long run, so that a
 * change that concerns everything does not bury what people look for. Owned by one thread.
 */
final class EventBudget {

    static final int BURST = 100;
    private static final double PER_SECOND = 20;

    private final InstantSource clock;
    private double left = BURST;
    private Instant last;

    EventBudget(InstantSource clock) {
        this.clock = clock;
        this.last = clock.instant();
    }

    /** Returns how many of so many events may be recorded now. */
    int take(int wanted) {
        Instant now = clock.instant();
        double seconds = Duration.between(last, now).toNanos() / 1e9;
        last = now;
        left = Math.min(BURST, left + Math.max(0, seconds) * PER_SECOND);
        int taken = Math.min(wanted, (int) left);
        left -= taken;
        return taken;
    }
}
