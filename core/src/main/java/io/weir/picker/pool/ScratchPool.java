package io.weir.picker.pool;

import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.LongSupplier;

/**
 * Keeps scratch from one pick for the next.
 *
 * <p>A thread-local would serve event loops as well, but virtual threads pick too, and each would
 * make its own.
 */
final class ScratchPool {

    private static final int SLOTS = 64;
    private static final int CACHE_LINE_REFERENCES = 16;

    private final AtomicReferenceArray<PickScratch> slots =
            new AtomicReferenceArray<>(SLOTS * CACHE_LINE_REFERENCES);
    private final LongSupplier seeds;

    ScratchPool(LongSupplier seeds) {
        this.seeds = seeds;
    }

    PickScratch take() {
        PickScratch kept = slots.getAndSet(slot(), null);
        return kept != null ? kept : new PickScratch(seeds.getAsLong());
    }

    void giveBack(PickScratch scratch) {
        slots.set(slot(), scratch);
    }

    private static int slot() {
        return ((int) Thread.currentThread().threadId() & (SLOTS - 1)) * CACHE_LINE_REFERENCES;
    }
}
