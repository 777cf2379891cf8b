package io.weir.picker.state;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Whether an endpoint can be reached, as far as requests and scrapes have shown.
 *
 * <pre>
 *             failed                    time over
 * GOOD ─────────────────▶ AVOIDED ─────────────────▶ ON TRIAL
 *   ▲                        ▲                        │    │
 *   │                        └──── failed (longer) ───┘    │
 *   └───────────────── succeeded ──────────────────────────┘
 * </pre>
 *
 * <p>An avoided endpoint is not left out: it is tried after all others. Thread-safe and lock-free.
 */
public final class Health {

    private static final long FIRST_AVOIDANCE_NANOS = Duration.ofMillis(250).toNanos();
    private static final long LONGEST_AVOIDANCE_NANOS = Duration.ofSeconds(10).toNanos();

    private final AtomicInteger failures = new AtomicInteger();
    private volatile long avoidUntilNanos;
    private volatile boolean unreachable;

    /** Says that an attempt failed before an answer came. */
    public void failed(long nowNanos) {
        // All requests that were on a server fail together when it dies: that is one failure.
        if (isBackingOff(nowNanos)) {
            return;
        }
        long times = Math.min(failures.get(), Integer.SIZE);
        long avoidance = FIRST_AVOIDANCE_NANOS << Math.min(times, 10);
        avoidUntilNanos = nowNanos + Math.min(avoidance, LONGEST_AVOIDANCE_NANOS);
        failures.incrementAndGet();
    }

    /** Says that an answer came. */
    public void succeeded() {
        if (failures.get() != 0) {
            failures.set(0);
        }
        if (unreachable) {
            unreachable = false;
        }
    }

    /** Says whether the server could be reached when it was last asked for its metrics. */
    public void reachable(boolean reachable) {
        if (unreachable == reachable) {
            unreachable = !reachable;
        }
    }

    /** Returns whether the server could be reached when it was last asked for its metrics. */
    public boolean isReachable() {
        return !unreachable;
    }

    /** Returns whether other endpoints are to be tried before this one. */
    public boolean isAvoided(long nowNanos) {
        return unreachable || isBackingOff(nowNanos);
    }

    /** Returns whether the last attempts to reach the server succeeded. */
    public boolean isGood() {
        return !unreachable && failures.get() == 0;
    }

    private boolean isBackingOff(long nowNanos) {
        return failures.get() != 0 && avoidUntilNanos - nowNanos > 0;
    }
}
