package io.weir.picker.prefix;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * The blocks of prompts that were sent to an endpoint a moment ago, of which its server can't have
 * told yet. Without them a prompt that many clients send at once would be worked out everywhere.
 *
 * <p>Thread-safe and lock-free. A slot has the upper 48 bits of a hash, of which the lower ones
 * choose the slot, and the time in ticks of 17 ms. A later hash replaces an earlier one.
 */
final class SentBlocks {

    private static final int SLOTS = 4096;
    private static final int TICK_SHIFT = 24;
    private static final long TIME_MASK = 0xffff;
    private static final long TTL_TICKS = Duration.ofSeconds(2).toNanos() >> TICK_SHIFT;

    private volatile @Nullable AtomicLongArray slots;

    void add(TokenChain prompt, long nowNanos) {
        AtomicLongArray table = slots;
        if (table == null) {
            table = new AtomicLongArray(SLOTS);
            slots = table;
        }
        long time = ticks(nowNanos);
        for (int i = 0; i < prompt.size(); i++) {
            long hash = prompt.hash(i);
            table.setOpaque(slot(hash), (hash & ~TIME_MASK) | time);
        }
    }

    boolean has(long hash, long nowNanos) {
        AtomicLongArray table = slots;
        if (table == null) {
            return false;
        }
        long there = table.getOpaque(slot(hash));
        return ((there ^ hash) & ~TIME_MASK) == 0
                && ((ticks(nowNanos) - there) & TIME_MASK) <= TTL_TICKS;
    }

    void clear() {
        slots = null;
    }

    private static long ticks(long nanos) {
        return (nanos >>> TICK_SHIFT) & TIME_MASK;
    }

    private static int slot(long hash) {
        return (int) (hash >>> 16) & (SLOTS - 1);
    }
}
