package io.weir.picker.latency;

/**
 * Finds out how many sequences a server works on at most, from what it says about itself: when
 * others wait again and again while it works on as many as it ever did, that is its limit. Threads
 * that meet may lose a scrape to one another, which does no harm.
 */
final class SlotLimit {

    /** Nothing is known of a limit. */
    static final int NONE = Integer.MAX_VALUE;

    private static final int SCRAPES_TO_BELIEVE = 5;

    private long takenNanos;
    private int most;
    private int scrapes;

    /**
     * Learns from a scrape; the same one may come any number of times.
     *
     * @param taken when it was, on any clock
     * @param running sequences that the server works on
     * @param waiting sequences that wait for it
     */
    void learn(long taken, int running, int waiting) {
        if (taken == takenNanos) {
            return;
        }
        takenNanos = taken;
        if (running > most) {
            most = running;
            scrapes = 0;
        } else if (running == most && waiting > 0) {
            scrapes++;
        }
    }

    /** Returns the limit, {@link #NONE} while it is not known. */
    int slots() {
        return scrapes >= SCRAPES_TO_BELIEVE ? most : NONE;
    }
}
