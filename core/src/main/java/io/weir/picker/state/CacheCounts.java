package io.weir.picker.state;

/**
 * What a server told about its KV cache, counted since it was first listened to. One thread counts,
 * any may look.
 */
@SuppressWarnings("NonAtomicVolatileUpdate") // one writer
public final class CacheCounts {

    private volatile long stored;
    private volatile long orphaned;
    private volatile long removed;
    private volatile long cleared;
    private volatile long skipped;
    private volatile long unreadable;
    private volatile long gaps;
    private volatile long replays;
    private volatile long restarts;

    /**
     * Counts blocks that came.
     *
     * @param unknown how many of them can't be used, because what comes before them is not known
     */
    public void stored(int blocks, int unknown) {
        stored += blocks;
        orphaned += unknown;
    }

    /** Counts a block that went. */
    public void removed() {
        removed++;
    }

    /** Counts that all blocks went. */
    public void cleared() {
        cleared++;
    }

    /** Counts an event that says nothing about prompts in the GPU's memory. */
    public void skipped() {
        skipped++;
    }

    /** Counts a message that can't be read. */
    public void unreadable() {
        unreadable++;
    }

    /** Counts that messages were missing. */
    public void gap() {
        gaps++;
    }

    /** Counts that missing messages were asked for. */
    public void replay() {
        replays++;
    }

    /** Counts that the server began anew. */
    public void restarted() {
        restarts++;
    }

    /** Returns the counts by kind. */
    public Snapshot snapshot() {
        return new Snapshot(
                stored, orphaned, removed, cleared, skipped, unreadable, gaps, replays, restarts);
    }

    /**
     * The counts at one time.
     *
     * @param stored blocks that came
     * @param orphaned of those, the ones that can't be used, because what comes before is not known
     * @param removed blocks that went
     * @param cleared how often all went
     * @param skipped events about other memories or parts of prompts
     * @param unreadable messages that can't be read
     * @param gaps how often messages were missing
     * @param replays how often those were asked for
     * @param restarts how often the server began anew
     */
    public record Snapshot(
            long stored,
            long orphaned,
            long removed,
            long cleared,
            long skipped,
            long unreadable,
            long gaps,
            long replays,
            long restarts) {}
}
