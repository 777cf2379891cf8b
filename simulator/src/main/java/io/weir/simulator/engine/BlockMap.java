package io.weir.simulator.engine;

import org.jspecify.annotations.Nullable;

/**
 * Blocks by their hash, in one array: a hash's place is the first free one from where its upper
 * bits point to. Looking up a long prompt is a walk of hundreds of these, so it has to be cheap.
 */
final class BlockMap {

    private static final int FIRST_CAPACITY = 1024;

    private KvCache.@Nullable Block[] slots = new KvCache.@Nullable Block[FIRST_CAPACITY];
    private int size;

    KvCache.@Nullable Block get(long hash) {
        int mask = slots.length - 1;
        int place = place(hash, mask);
        while (true) {
            KvCache.Block block = slots[place];
            if (block == null || block.hash == hash) {
                return block;
            }
            place = (place + 1) & mask;
        }
    }

    /** Adds a block under its hash; not to be called when there is one already. */
    void add(KvCache.Block block) {
        if (2 * size >= slots.length) {
            grow();
        }
        insert(slots, block);
        size++;
    }

    void remove(KvCache.Block block) {
        int mask = slots.length - 1;
        int hole = place(block.hash, mask);
        while (slots[hole] != block) {
            hole = (hole + 1) & mask;
        }
        size--;
        // What comes after moves up, as far as that is not before its own first place.
        int next = hole;
        while (true) {
            slots[hole] = null;
            KvCache.Block moved;
            do {
                next = (next + 1) & mask;
                moved = slots[next];
                if (moved == null) {
                    return;
                }
            } while (((next - place(moved.hash, mask)) & mask) < ((next - hole) & mask));
            slots[hole] = moved;
            hole = next;
        }
    }

    private void grow() {
        KvCache.@Nullable Block[] larger = new KvCache.@Nullable Block[2 * slots.length];
        for (KvCache.Block block : slots) {
            if (block != null) {
                insert(larger, block);
            }
        }
        slots = larger;
    }

    private static void insert(KvCache.@Nullable Block[] slots, KvCache.Block block) {
        int mask = slots.length - 1;
        int place = place(block.hash, mask);
        while (slots[place] != null) {
            place = (place + 1) & mask;
        }
        slots[place] = block;
    }

    private static int place(long hash, int mask) {
        return (int) ((hash * 0x9E3779B97F4A7C15L) >>> 33) & mask;
    }
}
