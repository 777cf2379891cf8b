package io.weir.picker.pool;

/**
 * The best few of many, best first, found in one pass. Reused from pick to pick; owned by one
 * thread at a time.
 */
final class Ranking {

    /** How many are kept: the pick itself and the endpoints that retries are likely to reach. */
    static final int DEPTH = 4;

    private static final long NOT_AVOIDED = 1L << 62;
    private static final long NO_FLOOR = -1;
    private static final int TIE_BITS = 31;
    private static final long TIE_MASK = (1L << TIE_BITS) - 1;

    private final long[] ranks = new long[DEPTH];
    private final int[] positions = new int[DEPTH];
    private int size;

    /** The rank that a candidate has to exceed. */
    private long floor = NO_FLOOR;

    void clear() {
        size = 0;
        floor = NO_FLOOR;
    }

    int size() {
        return size;
    }

    /** Returns the position of the candidate in a place, 0 being the best. */
    int position(int place) {
        return positions[place];
    }

    /**
     * Returns whether a candidate with this key may be among the best, however a tie is decided.
     */
    boolean mayTake(double key) {
        return rank(key, false, TIE_MASK) > floor;
    }

    /**
     * Offers a candidate.
     *
     * @param key higher is better; not negative
     * @param avoided whether it comes after all that are not
     * @param tie random bits that decide between equals
     */
    void offer(int position, double key, boolean avoided, long tie) {
        long rank = rank(key, avoided, tie);
        if (rank <= floor) {
            return;
        }
        int place = size < DEPTH ? size++ : DEPTH - 1;
        while (place > 0 && ranks[place - 1] < rank) {
            ranks[place] = ranks[place - 1];
            positions[place] = positions[place - 1];
            place--;
        }
        ranks[place] = rank;
        positions[place] = position;
        floor = size < DEPTH ? NO_FLOOR : ranks[DEPTH - 1];
    }

    // Bits of floats that are not negative sort like the floats, which makes one comparison of all.
    private static long rank(double key, boolean avoided, long tie) {
        long bits = Float.floatToRawIntBits((float) key) & TIE_MASK;
        return (avoided ? 0 : NOT_AVOIDED) | (bits << TIE_BITS) | (tie & TIE_MASK);
    }
}
