package io.weir.simulator.engine;

import org.jspecify.annotations.Nullable;

/**
 * Blocks by their hash, in two arrays: a hash's place is the first free one from where its bits
 * point to. Looking up a long prompt is a walk of hundreds of these, so it has to be cheap.
 */
final class BlockMap {

    private static final int FIRST_CAPACITY = 1024;
    private static final long EMPTY = 0;

    private long[] keys = new long[FIRST_CAPACITY];
    private KvCache.@Nullable Block[] blocks = new KvCache.@Nullable Block[FIRST_CAPACITY];
    private int size;

    KvCache.@Nullable Block get(long hash) {
        return blocks[find(key(hash))];
    }

    boolean has(long hash) {
        return keys[find(key(hash))] != EMPTY;
    }

    /** Adds a block under its hash, unless there is one already. */
    boolean add(KvCache.Block block, long hash) {
        int place = find(key(hash));
        if (keys[place] != EMPTY) {
            return false;
        }
        keys[place] = key(hash);
        blocks[place] = block;
        size++;
        if (2 * size > keys.length) {
            grow();
        }
        return true;
    }

    void remove(long hash) {
        int mask = keys.length - 1;
        int hole = find(key(hash));
        if (keys[hole] == EMPTY) {
            return;
        }
        size--;
        // What comes after moves up, as far as that is not before its own first place.
        int next = hole;
        while (true) {
            next = (next + 1) & mask;
            if (keys[next] == EMPTY) {
                keys[hole] = EMPTY;
                blocks[hole] = null;
                return;
            }
            int first = first(keys[next], mask);
            if (((next - first) & mask) >= ((next - hole) & mask)) {
                keys[hole] = keys[next];
                blocks[hole] = blocks[next];
                hole = next;
            }
        }
    }

    private void grow() {
        long[] oldKeys = keys;
        KvCache.@Nullable Block[] oldBlocks = blocks;
        keys = new long[2 * oldKeys.length];
        blocks = new KvCache.@Nullable Block[2 * oldKeys.length];
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldKeys[i] != EMPTY) {
                int place = find(oldKeys[i]);
                keys[place] = oldKeys[i];
                blocks[place] = oldBlocks[i];
            }
        }
    }

    /** Returns the place of a key, or the free one where it would be. */
    private int find(long key) {
        int mask = keys.length - 1;
        int place = first(key, mask);
        while (keys[place] != EMPTY && keys[place] != key) {
            place = (place + 1) & mask;
        }
        return place;
    }

    private static int first(long key, int mask) {
        return (int) ((key * 0x9E3779B97F4A7C15L) >>> 33) & mask;
    }

    private static long key(long hash) {
        return hash == EMPTY ? 1 : hash;
    }
}
