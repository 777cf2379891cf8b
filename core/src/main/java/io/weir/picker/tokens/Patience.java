package io.weir.picker.tokens;

import java.time.Duration;

/**
 * Whether it is worth asking. Thread-safe.
 *
 * <pre>
 *          five in a row fail or are late
 * ASKING ────────────────────────────────▶ PAUSING
 *    ▲  ▲                                     │
 *    │  └─────────── time over ───────────────┘
 *    └── one in time: as at first; one more too late: a longer pause
 * </pre>
 */
final class Patience {

    private static final int MOST_FAILURES = 5;
    private static final long FIRST_PAUSE_NANOS = Duration.ofSeconds(1).toNanos();
    private static final int LONGEST_PAUSE_SHIFT = 5;

    private int failures;
    private int pauses;
    private volatile boolean pausing;
    private volatile long untilNanos;

    boolean isAsking(long nowNanos) {
        return !pausing || nowNanos - untilNanos >= 0;
    }

    synchronized void inTime() {
        failures = 0;
        pauses = 0;
        pausing = false;
    }

    synchronized void failed(long nowNanos) {
        failures++;
        if (failures >= MOST_FAILURES && isAsking(nowNanos)) {
            long pause = FIRST_PAUSE_NANOS << Math.min(pauses, LONGEST_PAUSE_SHIFT);
            pauses++;
            untilNanos = nowNanos + pause;
            pausing = true;
        }
    }
}
