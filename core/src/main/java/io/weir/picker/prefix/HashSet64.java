package io.weir.picker.prefix;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * A set of hashes with one writer and any number of readers, who take no lock. While a hash is
 * taken out, readers may miss another one for a moment.
 */
final class HashSet64 {

    private static final int FIRST_SLOTS = 1024;
    private static final long EMPTY = 0;

    private volatile AtomicLongArray slots = new AtomicLongArray(FIRST_SLOTS);

    /** Owned by the writer. */
    private int size;

    boolean has(long hash) {
        AtomicLongArray table = slots;
        return table.getOpaque(find(table, key(hash))) != EMPTY;
    }

    /** Returns whether the hash was not there before. */
    boolean add(long hash) {
        AtomicLongArray table = slots;
        int place = find(table, key(hash));
        if (table.getOpaque(place) != EMPTY) {
            return false;
        }
        table.setOpaque(place, key(hash));
        size++;
        if (2 * size > table.length()) {
            grow(table);
        }
        return true;
    }

    void remove(long hash) {
        AtomicLongArray table = slots;
        int mask = table.length() - 1;
        int hole = find(table, key(hash));
        if (table.getOpaque(hole) == EMPTY) {
            return;
        }
        size--;
        // What comes after moves up, as far as that is not before its own first place.
        for (int next = (hole + 1) & mask; ; next = (next + 1) & mask) {
            long key = table.getOpaque(next);
            if (key == EMPTY) {
                table.setOpaque(hole, EMPTY);
                return;
            }
            if (((next - first(key, mask)) & mask) >= ((next - hole) & mask)) {
                table.setOpaque(hole, key);
                hole = next;
            }
        }
    }

    /** Takes everything out; called by the writer. */
    void clear() {
        size = 0;
        slots = new AtomicLongArray(FIRST_SLOTS);
    }

    int size() {
        return size;
    }

    private void grow(AtomicLongArray from) {
        AtomicLongArray to = new AtomicLongArray(2 * from.length());
        for (int i = 0; i < from.length(); i++) {
            long key = from.getOpaque(i);
            if (key != EMPTY) {
                to.setOpaque(find(to, key), key);
            }
        }
        slots = to;
    }

    /** Returns the place of a key, or the free one where it would be. */
    private static int find(AtomicLongArray table, long key) {
        int mask = table.length() - 1;
        int place = first(key, mask);
        for (int tries = 0; tries <= mask; tries++) {
            long there = table.getOpaque(place);
            if (there == EMPTY || there == key) {
                return place;
            }
            place = (place + 1) & mask;
        }
        return place;
    }

    private static int first(long key, int mask) {
        return (int) ((key * 0x9E37_79B9_7F4A_7C15L) >>> 33) & mask;
    }

    private static long key(long hash) {
        return hash == EMPTY ? 1 : hash;
    }
}
