package io.weir.picker.state;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;

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

    private static final VarHandle FAILURES;

    static {
        try {
            FAILURES = MethodHandles.lookup().findVarHandle(Health.class, "failures", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private volatile int failures;
    private volatile long avoidUntilNanos;
    private volatile boolean unreachable;

    /** Says that an attempt failed before an answer came. */
    public void failed(long nowNanos) {
        // All requests that were on a server fail together when it dies: that is one failure.
        if (isBackingOff(nowNanos)) {
            return;
        }
        int times = (int) FAILURES.getAndAdd(this, 1);
        long avoidance = FIRST_AVOIDANCE_NANOS << Math.min(times, 10);
        avoidUntilNanos = nowNanos + Math.min(avoidance, LONGEST_AVOIDANCE_NANOS);
    }

    /** Says that an answer came. */
    public void succeeded() {
        if (failures != 0) {
            failures = 0;
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
        return !unreachable && failures == 0;
    }

    private boolean isBackingOff(long nowNanos) {
        return failures != 0 && avoidUntilNanos - nowNanos > 0;
    }
}
