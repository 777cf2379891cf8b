package io.weir.picker.prefix;

/**
 * The blocks that a server holds, by the server's own hashes. Owned by one thread.
 *
 * <p>A server may hold a block more than once and tells of each; a block is gone when all are.
 */
final class ServerBlocks {

    /** There is no such block. */
    static final int NONE = -1;

    private static final int FIRST_SLOTS = 1024;
    private static final int NEIGHBOURS = 16;

    private long[] keys = new long[FIRST_SLOTS];
    private long[] hashes = new long[FIRST_SLOTS];
    private int[] depths = new int[FIRST_SLOTS];
    private int[] copies = new int[FIRST_SLOTS];
    private int size;
    private int hand;

    int size() {
        return size;
    }

    /** Returns the place of a block, which is valid until the next change; or NONE. */
    int find(long key) {
        int place = place(key);
        return copies[place] == 0 ? NONE : place;
    }

    /** Returns the hash over the tokens up to the block's end. */
    long hash(int place) {
        return hashes[place];
    }

    /** Returns the blocks from the prompt's begin up to this one. */
    int depth(int place) {
        return depths[place];
    }

    /** Counts one more copy of a block. */
    void addCopy(int place) {
        copies[place]++;
    }

    /** Counts one copy less, and returns how many are left. */
    int removeCopy(int place) {
        int left = copies[place] - 1;
        if (left == 0) {
            remove(place);
        } else {
            copies[place] = left;
        }
        return left;
    }

    /** Adds a block that is not there. */
    void add(long key, long hash, int depth) {
        if (2 * (size + 1) > keys.length) {
            grow();
        }
        set(place(key), key, hash, depth, 1);
        size++;
    }

    /**
     * Returns the place of a block that can best be spared: among a few, the one furthest from its
     * prompt's begin, which is also the one that a server gives away first.
     */
    int leastUseful() {
        int mask = keys.length - 1;
        int best = NONE;
        int seen = 0;
        for (int i = 0; i <= mask && seen < NEIGHBOURS; i++) {
            int place = hand;
            hand = (hand + 1) & mask;
            if (copies[place] > 0) {
                seen++;
                best = best == NONE || depths[place] > depths[best] ? place : best;
            }
        }
        return best;
    }

    /** Takes a block out, however many copies there are. */
    void remove(int place) {
        int mask = keys.length - 1;
        int hole = place;
        size--;
        for (int next = (hole + 1) & mask; copies[next] != 0; next = (next + 1) & mask) {
            if (((next - first(keys[next], mask)) & mask) >= ((next - hole) & mask)) {
                set(hole, keys[next], hashes[next], depths[next], copies[next]);
                hole = next;
            }
        }
        copies[hole] = 0;
    }

    void clear() {
        keys = new long[FIRST_SLOTS];
        hashes = new long[FIRST_SLOTS];
        depths = new int[FIRST_SLOTS];
        copies = new int[FIRST_SLOTS];
        size = 0;
        hand = 0;
    }

    private void set(int place, long key, long hash, int depth, int count) {
        keys[place] = key;
        hashes[place] = hash;
        depths[place] = depth;
        copies[place] = count;
    }

    private void grow() {
        long[] oldKeys = keys;
        long[] oldHashes = hashes;
        int[] oldDepths = depths;
        int[] oldCopies = copies;
        keys = new long[2 * oldKeys.length];
        hashes = new long[keys.length];
        depths = new int[keys.length];
        copies = new int[keys.length];
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldCopies[i] != 0) {
                set(place(oldKeys[i]), oldKeys[i], oldHashes[i], oldDepths[i], oldCopies[i]);
            }
        }
        hand = 0;
    }

    /** Returns the place of a key, or the free one where it would be. */
    private int place(long key) {
        int mask = keys.length - 1;
        int place = first(key, mask);
        while (copies[place] != 0 && keys[place] != key) {
            place = (place + 1) & mask;
        }
        return place;
    }

    private static int first(long key, int mask) {
        return (int) ((key * 0x9E37_79B9_7F4A_7C15L) >>> 33) & mask;
    }
}
