package io.weir.picker.scrape;

import java.util.random.RandomGenerator;

/**
 * When to ask a server next.
 *
 * <pre>
 *              ┌── busy ───────▶ 50 ms
 * answered() ──┤
 *              └── idle ───────▶ twice as long as before, up to 1 s
 * unanswered() ────────────────▶ twice as long as before, up to 5 s
 * </pre>
 *
 * <p>Owned by one thread.
 */
final class ScrapePace {

    private static final double JITTER = 0.1;

    private final ScrapeTimes times;
    private final RandomGenerator random;
    private long nanos;

    ScrapePace(ScrapeTimes times, RandomGenerator random) {
        this.times = times;
        this.random = random;
        this.nanos = times.busy().toNanos();
    }

    void answered(boolean isBusy) {
        long busy = times.busy().toNanos();
        nanos = isBusy ? busy : Math.min(2 * nanos, times.idle().toNanos());
    }

    void unanswered() {
        nanos = Math.min(2 * nanos, times.unanswered().toNanos());
    }

    /** Returns the time to wait, jittered so that servers are not asked all at once. */
    long pauseNanos() {
        return (long) (nanos * (1 + JITTER * (2 * random.nextDouble() - 1)));
    }
}
