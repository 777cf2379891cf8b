package io.weir.picker.prefix;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * Which endpoints of a pool may know how a prompt begins, so that a pick need not ask each of them.
 *
 * <h2>Layout</h2>
 *
 * A table of bits. Each endpoint has a column; the row follows from the hash of a prompt's first
 * block. A bit is set when the endpoint's {@link PrefixTable} has the first block of some prompt
 * that falls on this row. A pick reads one row, a few cache lines, and asks the tables of those
 * whose bit is set: where all tables are asked, each costs cache misses of its own.
 *
 * <pre>
 *                     columns: one for each endpoint
 *               ┌─────────────────────────────────────────┐
 *  row of hash ─▶ 0 0 1 0 0 0 0 0 0 0 0 1 0 0 0 0 0 0 0 0 │─▶ ask the third and the twelfth
 *               └─────────────────────────────────────────┘
 * </pre>
 *
 * <h2>What is right when</h2>
 *
 * A bit that is set for nothing costs one question more; it is cleared when its first block makes
 * room in the endpoint's table, and stays while the block is there although it is out of date. A
 * bit that lacks would cost a match, and must not last. Whoever writes to a table therefore sets
 * the bit after the block is in the table; whoever takes a block out clears the bit, looks whether
 * the table has another one on this row, and sets it again if so. Of two that do so at the same
 * time, the one that sets is the last, or else the other one sees its block. A table that is
 * attached, resized or cleared goes through all of its blocks afterwards in the same way.
 *
 * <h2>Bounds</h2>
 *
 * At most 4 MiB: 65,536 rows up to 512 columns, and half as many each time those double. There are
 * at least as many rows as a table has sets, and blocks of the same row are in the same set: to
 * look for another one means to look at sixteen slots. Pools of fewer than {@link #LEAST} endpoints
 * do without.
 *
 * <h2>Threads</h2>
 *
 * Bits are read and set by all threads without locks. Columns are given out by the one that changes
 * the pool.
 */
public final class FirstBlocks {

    /** Endpoints below which asking each of them is as fast. */
    public static final int LEAST = 32;

    private static final int MOST_ROWS = 1 << 16;
    private static final int MOST_BITS = 1 << 25;
    private static final int LEAST_COLUMNS = 64;
    private static final VarHandle WORDS = MethodHandles.arrayElementVarHandle(long[].class);

    private final int rows;
    private final int wordsPerRow;
    private final long[] words;

    /** Owned by who changes the pool. */
    private final BitSet taken = new BitSet();

    /** The bits of one endpoint. */
    public static final class Column {

        private final FirstBlocks blocks;
        private final int number;

        private Column(FirstBlocks blocks, int number) {
            this.blocks = blocks;
            this.number = number;
        }

        int row(int mark) {
            return mark & (blocks.rows - 1);
        }

        int rows() {
            return blocks.rows;
        }

        void set(int row) {
            if (!blocks.isSet(row, number)) {
                WORDS.getAndBitwiseOr(blocks.words, blocks.word(row, number), 1L << number);
            }
        }

        void clear(int row) {
            if (blocks.isSet(row, number)) {
                WORDS.getAndBitwiseAnd(blocks.words, blocks.word(row, number), ~(1L << number));
            }
        }
    }

    /**
     * The columns of the endpoints of a pool at one moment. Never changed, although the bits are.
     */
    public static final class Places {

        private final FirstBlocks blocks;
        private final int[] indexes;

        private Places(FirstBlocks blocks, int[] indexes) {
            this.blocks = blocks;
            this.indexes = indexes;
        }

        /**
         * Marks the endpoints that may know a prompt.
         *
         * @param firstHash hash of its first block
         * @param marks one number for each endpoint of the pool
         * @param mark what to write for those that may know it; the others stay as they are
         */
        public void mark(long firstHash, int[] marks, int mark) {
            int at = (Slots.markOf(firstHash) & (blocks.rows - 1)) * blocks.wordsPerRow;
            for (int w = 0; w < blocks.wordsPerRow; w++) {
                long left = (long) WORDS.getOpaque(blocks.words, at + w);
                while (left != 0) {
                    int index = indexes[(w << 6) + Long.numberOfTrailingZeros(left)];
                    if (index >= 0) {
                        marks[index] = mark;
                    }
                    left &= left - 1;
                }
            }
        }
    }

    /**
     * @param endpoints how many endpoints there are at least columns for
     */
    public FirstBlocks(int endpoints) {
        this(columns(endpoints), Math.min(MOST_ROWS, MOST_BITS / columns(endpoints)));
    }

    FirstBlocks(int columns, int rows) {
        this.rows = rows;
        this.wordsPerRow = columns >> 6;
        this.words = new long[rows * wordsPerRow];
    }

    private static int columns(int endpoints) {
        return Math.max(LEAST_COLUMNS, Integer.highestOneBit(2 * endpoints - 1));
    }

    /** Returns whether there are columns enough for so many endpoints, and not far too many. */
    public boolean suits(int endpoints) {
        int columns = wordsPerRow << 6;
        return endpoints <= columns
                && (endpoints >= columns / 4 || columns == LEAST_COLUMNS)
                && endpoints >= LEAST / 2;
    }

    /** Returns a column that nobody has. */
    Column take() {
        int free = taken.nextClearBit(0);
        taken.set(free);
        return new Column(this, free);
    }

    /** Takes columns back and clears their bits. */
    void giveBack(List<Column> columns) {
        if (columns.isEmpty()) {
            return;
        }
        long[] kept = new long[wordsPerRow];
        Arrays.fill(kept, -1L);
        for (Column column : columns) {
            taken.clear(column.number);
            kept[column.number >> 6] &= ~(1L << column.number);
        }
        for (int i = 0; i < words.length; i++) {
            long mask = kept[i & (wordsPerRow - 1)];
            if (((long) WORDS.getOpaque(words, i) & ~mask) != 0) {
                WORDS.getAndBitwiseAnd(words, i, mask);
            }
        }
    }

    /** Returns which endpoint of a pool has which column; all of them must have one here. */
    Places places(List<PrefixTable> tables) {
        int[] indexes = new int[wordsPerRow << 6];
        Arrays.fill(indexes, -1);
        for (int i = 0; i < tables.size(); i++) {
            Column column = tables.get(i).column();
            if (column == null || column.blocks != this) {
                throw new IllegalArgumentException("endpoint " + i + " has no column");
            }
            indexes[column.number] = i;
        }
        return new Places(this, indexes);
    }

    private boolean isSet(int row, int column) {
        long word = (long) WORDS.getOpaque(words, word(row, column));
        return (word >>> column & 1) != 0;
    }

    private int word(int row, int column) {
        return row * wordsPerRow + (column >> 6);
    }
}
