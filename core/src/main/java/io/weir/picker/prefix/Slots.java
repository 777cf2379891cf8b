package io.weir.picker.prefix;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The slots of a {@link PrefixTable}: sets of eight, a cache line each, of which every one may
 * spill over into the next. The lower bits of a mark choose the set.
 *
 * <pre>
 *  63            32  31   30        0
 * ┌────────────────┬─────┬───────────┐
 * │ mark: upper    │first│ stamp     │   0: empty
 * │ half of a hash │block│           │
 * └────────────────┴─────┴───────────┘
 * </pre>
 */
final class Slots {

    private static final int SET = 8;
    private static final int REACH = 2 * SET;
    private static final long FIRST = 1L << 31;
    private static final long STAMP_MASK = FIRST - 1;
    private static final VarHandle SLOTS = MethodHandles.arrayElementVarHandle(long[].class);

    private Slots() {}

    static long slot(int mark, boolean isFirst, int stamp) {
        return ((long) mark << 32) | (isFirst ? FIRST : 0) | (stamp & STAMP_MASK);
    }

    /** Returns the mark of a hash; never 0, which marks an empty slot. */
    static int markOf(long hash) {
        int upper = (int) (hash >>> 32);
        return upper == 0 ? 1 : upper;
    }

    static int mark(long slot) {
        return (int) (slot >>> 32);
    }

    /** Returns whether the block is the first one of a prompt. */
    static boolean isFirst(long slot) {
        return (slot & FIRST) != 0;
    }

    static long get(long[] table, int place) {
        return (long) SLOTS.getOpaque(table, place);
    }

    static void set(long[] table, int place, long slot) {
        SLOTS.setOpaque(table, place, slot);
    }

    static boolean has(long[] table, long hash, int now, int capacityBlocks) {
        int mark = markOf(hash);
        int first = firstSlot(table, mark);
        for (int i = 0; i < REACH; i++) {
            long slot = get(table, (first + i) & (table.length - 1));
            if (mark(slot) == mark) {
                return isHeld(slot, now, capacityBlocks);
            }
            if (slot == 0) {
                return false;
            }
        }
        return false;
    }

    /**
     * Returns whether there is a first block, out of date or not, whose mark ends in these bits.
     *
     * @param rows a power of two that says how many bits, not less than the table's sets; 0 for all
     */
    static boolean hasFirst(long[] table, int row, int rows) {
        int first = firstSlot(table, row);
        for (int i = 0; i < REACH; i++) {
            long slot = get(table, (first + i) & (table.length - 1));
            if (isFirst(slot) && (mark(slot) & (rows - 1)) == row) {
                return true;
            }
        }
        return false;
    }

    /** Returns the place of a mark, or else an empty one, or else the one furthest behind. */
    static int place(long[] table, int mark, int now) {
        int first = firstSlot(table, mark);
        int oldest = first;
        int oldestAge = -1;
        for (int i = 0; i < REACH; i++) {
            int place = (first + i) & (table.length - 1);
            long slot = get(table, place);
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

    /** Returns a table of another size with the most recent of what a table has. */
    static long[] resized(long[] from, int length, int now) {
        long[] to = new long[length];
        for (int i = 0; i < from.length; i++) {
            long slot = get(from, i);
            if (slot != 0) {
                keep(to, slot, now);
            }
        }
        return to;
    }

    private static void keep(long[] table, long slot, int now) {
        int place = place(table, mark(slot), now);
        long replaced = get(table, place);
        if (replaced == 0 || age(replaced, now) > age(slot, now)) {
            set(table, place, slot);
        }
    }

    static boolean isHeld(long slot, int now, int capacityBlocks) {
        return age(slot, now) < capacityBlocks;
    }

    private static int firstSlot(long[] table, int mark) {
        return (mark * SET) & (table.length - 1);
    }

    // The clock may have moved on since it was read, which must not look like great age. Shifted
    // out and in again, the difference of 31 bits has its sign.
    private static int age(long slot, int now) {
        return Math.max(0, ((now - (int) slot) << 1) >> 1);
    }
}
