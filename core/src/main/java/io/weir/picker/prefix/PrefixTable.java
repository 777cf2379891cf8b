package io.weir.picker.prefix;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * The prompt hashes that one endpoint has seen lately. Thread-safe and lock-free.
 *
 * <h2>Layout</h2>
 *
 * Sets of eight slots, a cache line each, of which every one may spill over into the next. A slot
 * holds the upper half of a hash and a stamp. Of the upper half the lower bits choose the set; in a
 * table of 65,536 slots, at most one probe in 32,768 finds a hash that is not there.
 *
 * <h2>What is forgotten</h2>
 *
 * The table's clock counts blocks that the endpoint had to work out anew, and a stamp is the clock
 * at the last use, less the distance from the prompt's begin. A hash whose stamp is further behind
 * the clock than the server's capacity has left the server's cache: that is the order in which a
 * cache of whole blocks evicts, the least recent prompt first and its tail before its head. Such a
 * slot is free for others; where there is none the table grows, and when it may not, the slot
 * furthest behind makes room.
 */
public final class PrefixTable {

    /** Slots of a new table. */
    static final int MIN_SLOTS = 1024;

    private static final int SET = 8;
    private static final int REACH = 2 * SET;
    private static final long STAMP_MASK = 0xFFFFFFFFL;

    private final AtomicInteger clock = new AtomicInteger();
    private final AtomicBoolean resizing = new AtomicBoolean();

    /** Blocks recorded, that the server has not said it stored. */
    private final AtomicInteger ahead = new AtomicInteger();

    /** Of those, the ones recorded since the last {@link #settle}. */
    private final AtomicInteger recent = new AtomicInteger();

    private volatile boolean told;
    private volatile AtomicLongArray slots = new AtomicLongArray(MIN_SLOTS);
    private volatile int maxSlots = MIN_SLOTS;

    /**
     * Limits the table's size; a larger one shrinks, keeping the most recently used.
     *
     * @param bytes most bytes of slots; at least 8 KiB are used
     */
    public void limit(long bytes) {
        long wanted = Math.clamp(bytes / Long.BYTES, MIN_SLOTS, 1 << 27);
        maxSlots = (int) Long.highestOneBit(wanted);
        if (slots.length() > maxSlots) {
            resize(maxSlots);
        }
    }

    /** Returns the bytes of the slots. */
    public long bytes() {
        return (long) slots.length() * Long.BYTES;
    }

    /** Forgets everything: the server has started anew. */
    public void clear() {
        slots = new AtomicLongArray(MIN_SLOTS);
    }

    /** Says whether the server tells what it stores, by {@link #stored}. */
    public void told(boolean tells) {
        if (told != tells) {
            ahead.set(0);
            recent.set(0);
            told = tells;
        }
    }

    /**
     * Moves the clock on by blocks that the server has stored, less those that were recorded when
     * they were sent.
     */
    public void stored(int blocks) {
        int before = ahead.getAndUpdate(left -> Math.max(0, left - blocks));
        clock.addAndGet(Math.max(0, blocks - before));
    }

    /** Moves the clock on by blocks of answers, unless the server tells of all that it stores. */
    public void grown(int blocks) {
        if (!told && blocks > 0) {
            clock.addAndGet(blocks);
        }
    }

    /**
     * Gives up waiting for blocks recorded before the last call: the server had them after all. To
     * be called every few seconds for servers that tell what they store.
     */
    public void settle() {
        int latest = recent.getAndSet(0);
        ahead.getAndUpdate(left -> Math.min(left, latest));
    }

    /**
     * Returns how many of a prompt's hashes, from its begin, the endpoint has seen.
     *
     * @param capacityBlocks blocks that the server's cache holds
     * @param guess a likely answer, such as that of the endpoint asked before; any number will do
     */
    public int match(PromptHashes prompt, int capacityBlocks, int guess) {
        AtomicLongArray table = slots;
        int now = clock.get();
        if (prompt.size() == 0 || !has(table, prompt.hash(0), now, capacityBlocks)) {
            return 0;
        }
        int known = 1;
        int unknown = prompt.size() + 1;
        int next = guess == 1 ? 2 : guess;
        while (known + 1 < unknown) {
            int probe = next > known && next < unknown ? next : (known + unknown) >>> 1;
            if (has(table, prompt.hash(probe - 1), now, capacityBlocks)) {
                known = probe;
                next = probe == guess ? guess + 1 : 0;
            } else {
                unknown = probe;
                next = 0;
            }
        }
        return known;
    }

    /**
     * Notes that a prompt was sent to the endpoint.
     *
     * @param matched what {@link #match} returned for it
     */
    public void record(PromptHashes prompt, int matched, int capacityBlocks) {
        int size = fitting(prompt, capacityBlocks);
        int fresh = Math.max(0, prompt.blocks(size) - prompt.blocks(matched));
        int now = clock.addAndGet(fresh);
        if (told) {
            ahead.addAndGet(fresh);
            recent.addAndGet(fresh);
        }
        // The tail goes first: if it makes something drop, the head is not affected.
        for (int i = size - 1; i >= 0; i--) {
            int stamp = now - prompt.blocks(i + 1) + 1;
            put(slot((int) (prompt.hash(i) >>> 32), stamp), now, capacityBlocks);
        }
    }

    private static int fitting(PromptHashes prompt, int capacityBlocks) {
        int size = prompt.size();
        while (size > 0 && prompt.blocks(size) > capacityBlocks) {
            size--;
        }
        return size;
    }

    private static boolean has(AtomicLongArray table, long hash, int now, int capacityBlocks) {
        int mark = mark((int) (hash >>> 32));
        int first = firstSlot(table, mark);
        for (int i = 0; i < REACH; i++) {
            long slot = table.getOpaque((first + i) & (table.length() - 1));
            if (mark(slot) == mark) {
                return isHeld(slot, now, capacityBlocks);
            }
            if (slot == 0) {
                return false;
            }
        }
        return false;
    }

    private void put(long slot, int now, int capacityBlocks) {
        AtomicLongArray table = slots;
        int place = place(table, mark(slot), now);
        long replaced = table.getOpaque(place);
        boolean drops =
                replaced != 0
                        && mark(replaced) != mark(slot)
                        && isHeld(replaced, now, capacityBlocks);
        if (drops && table.length() < maxSlots && resize(table.length() * 2)) {
            put(slot, now, capacityBlocks);
            return;
        }
        table.setOpaque(place, slot);
    }

    /** Returns the place of a mark, or else an empty one, or else the one furthest behind. */
    private static int place(AtomicLongArray table, int mark, int now) {
        int first = firstSlot(table, mark);
        int oldest = first;
        int oldestAge = -1;
        for (int i = 0; i < REACH; i++) {
            int place = (first + i) & (table.length() - 1);
            long slot = table.getOpaque(place);
            if (slot == 0 || mark(slot) == mark) {
                return place;
            }
            int age = age(slot, now);
            if (age > oldestAge) {
                oldest = place;
                oldestAge = age;
            }
        }
        return oldest;
    }

    /** Returns whether the table was resized; not when somebody else is about it. */
    private boolean resize(int length) {
        if (!resizing.compareAndSet(false, true)) {
            return false;
        }
        try {
            AtomicLongArray from = slots;
            AtomicLongArray to = new AtomicLongArray(length);
            int now = clock.get();
            for (int i = 0; i < from.length(); i++) {
                long slot = from.getOpaque(i);
                if (slot != 0) {
                    keep(to, slot, now);
                }
            }
            slots = to;
            return true;
        } finally {
            resizing.set(false);
        }
    }

    private static void keep(AtomicLongArray table, long slot, int now) {
        int place = place(table, mark(slot), now);
        long replaced = table.getOpaque(place);
        if (replaced == 0 || isOlder(replaced, slot, now)) {
            table.setOpaque(place, slot);
        }
    }

    private static int firstSlot(AtomicLongArray table, int mark) {
        return (mark * SET) & (table.length() - 1);
    }

    private static long slot(int upperHash, int stamp) {
        return ((long) mark(upperHash) << 32) | (stamp & STAMP_MASK);
    }

    // 0 marks an empty slot.
    private static int mark(int upperHash) {
        return upperHash == 0 ? 1 : upperHash;
    }

    private static int mark(long slot) {
        return (int) (slot >>> 32);
    }

    private static boolean isHeld(long slot, int now, int capacityBlocks) {
        return Integer.compareUnsigned(age(slot, now), capacityBlocks) < 0;
    }

    private static boolean isOlder(long one, long two, int now) {
        return Integer.compareUnsigned(age(one, now), age(two, now)) > 0;
    }

    // The clock may have moved on since it was read, which must not look like great age.
    private static int age(long slot, int now) {
        return Math.max(0, now - (int) slot);
    }
}
