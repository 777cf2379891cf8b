package io.weir.picker.prefix;

import org.jspecify.annotations.Nullable;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The prompt hashes that one endpoint has seen lately. Thread-safe and lock-free.
 *
 * <h2>Layout</h2>
 *
 * {@link Slots} hold the upper half of a hash and a stamp. Of the upper half the lower bits choose
 * the set; in a table of 65,536 slots, at most one probe in 32,768 finds a hash that is not there.
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
public final class PrefixTable extends HashKnower {

    /** Slots of a new table. */
    static final int MIN_SLOTS = 1024;

    private static final VarHandle CLOCK;

    static {
        try {
            CLOCK = MethodHandles.lookup().findVarHandle(PrefixTable.class, "clock", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final AtomicBoolean resizing = new AtomicBoolean();

    /** Blocks recorded, that the server has not said it stored. */
    private final AtomicInteger ahead = new AtomicInteger();

    /** Of those, the ones recorded since the last {@link #settle}. */
    private final AtomicInteger recent = new AtomicInteger();

    private volatile boolean told;
    private volatile long[] slots = new long[MIN_SLOTS];
    private volatile int clock;
    private volatile int maxSlots = MIN_SLOTS;

    /** Where others see which prompts begin here; null when they ask. */
    private volatile FirstBlocks.@Nullable Column column;

    /**
     * Limits the table's size; a larger one shrinks, keeping the most recently used.
     *
     * @param bytes most bytes of slots; at least 8 KiB are used
     */
    public void limit(long bytes) {
        long wanted = Math.clamp(bytes / Long.BYTES, MIN_SLOTS, 1 << 27);
        maxSlots = (int) Long.highestOneBit(wanted);
        if (slots.length > maxSlots) {
            resize(maxSlots);
        }
    }

    /** Returns the bytes of the slots. */
    public long bytes() {
        return (long) slots.length * Long.BYTES;
    }

    /** Forgets everything: the server has started anew. */
    public void clear() {
        long[] former = slots;
        slots = new long[MIN_SLOTS];
        tellDropped(former);
    }

    /** Sets where others see which prompts begin here; null for nowhere. */
    void attach(FirstBlocks.@Nullable Column other) {
        column = other;
        tellAll();
    }

    /** Returns where others see which prompts begin here. */
    FirstBlocks.@Nullable Column column() {
        return column;
    }

    /** Returns whether some prompt begins with a block, whether that is out of date or not. */
    boolean hasFirst(long hash) {
        return Slots.hasFirst(slots, Slots.markOf(hash), 0);
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
        advance(Math.max(0, blocks - before));
    }

    /** Moves the clock on by blocks of answers, unless the server tells of all that it stores. */
    public void grown(int blocks) {
        if (!told && blocks > 0) {
            advance(blocks);
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
        return known(prompt, guess, ((long) clock << 32) | capacityBlocks);
    }

    /**
     * @param when the clock and the blocks that the server's cache holds, half of the bits each
     */
    @Override
    boolean knows(long hash, long when) {
        return Slots.has(slots, hash, (int) (when >>> 32), (int) when);
    }

    /**
     * Notes that a prompt was sent to the endpoint.
     *
     * @param matched what {@link #match} returned for it
     */
    public void record(PromptHashes prompt, int matched, int capacityBlocks) {
        int size = fitting(prompt, capacityBlocks);
        int fresh = Math.max(0, prompt.blocks(size) - prompt.blocks(matched));
        int now = advance(fresh);
        if (told) {
            ahead.addAndGet(fresh);
            recent.addAndGet(fresh);
        }
        // The tail goes first: if it makes something drop, the head is not affected.
        for (int i = size - 1; i >= 0; i--) {
            int stamp = now - prompt.blocks(i + 1) + 1;
            put(Slots.slot(Slots.markOf(prompt.hash(i)), i == 0, stamp), now, capacityBlocks);
        }
        if (size > 0) {
            tellAdded(Slots.markOf(prompt.hash(0)));
        }
    }

    private static int fitting(PromptHashes prompt, int capacityBlocks) {
        int size = prompt.size();
        while (size > 0 && prompt.blocks(size) > capacityBlocks) {
            size--;
        }
        return size;
    }

    private int advance(int blocks) {
        return (int) CLOCK.getAndAdd(this, blocks) + blocks;
    }

    private void put(long slot, int now, int capacityBlocks) {
        long[] table = slots;
        int place = Slots.place(table, Slots.mark(slot), now);
        long replaced = Slots.get(table, place);
        boolean isOther = replaced != 0 && Slots.mark(replaced) != Slots.mark(slot);
        boolean drops = isOther && Slots.isHeld(replaced, now, capacityBlocks);
        if (drops && table.length < maxSlots && resize(table.length * 2)) {
            put(slot, now, capacityBlocks);
            return;
        }
        Slots.set(table, place, slot);
        if (isOther && Slots.isFirst(replaced)) {
            tellDropped(Slots.mark(replaced));
        }
    }

    /** Returns whether the table was resized; not when somebody else is about it. */
    private boolean resize(int length) {
        if (!resizing.compareAndSet(false, true)) {
            return false;
        }
        try {
            long[] former = slots;
            slots = Slots.resized(former, length, clock);
            tellAll();
            tellDropped(former);
            return true;
        } finally {
            resizing.set(false);
        }
    }

    private void tellAdded(int mark) {
        // The block is in the table before anybody looks whether its bit is set.
        VarHandle.fullFence();
        FirstBlocks.Column told = column;
        if (told != null) {
            told.set(told.row(mark));
        }
    }

    private void tellAll() {
        VarHandle.fullFence();
        FirstBlocks.Column told = column;
        long[] table = slots;
        for (int i = 0; told != null && i < table.length; i++) {
            long slot = Slots.get(table, i);
            if (Slots.isFirst(slot)) {
                told.set(told.row(Slots.mark(slot)));
            }
        }
    }

    private void tellDropped(long[] former) {
        for (int i = 0; column != null && i < former.length; i++) {
            long slot = Slots.get(former, i);
            if (Slots.isFirst(slot)) {
                tellDropped(Slots.mark(slot));
            }
        }
    }

    /** Tells that a first block went, unless there is another one on its row. */
    private void tellDropped(int mark) {
        FirstBlocks.Column told = column;
        if (told == null || isOnRow(told, mark)) {
            return;
        }
        told.clear(told.row(mark));
        // Another one may have come before the bit was cleared.
        if (isOnRow(told, mark)) {
            told.set(told.row(mark));
        }
    }

    private boolean isOnRow(FirstBlocks.Column told, int mark) {
        return Slots.hasFirst(slots, told.row(mark), told.rows());
    }
}
