package io.weir.picker.tokens;

import java.util.concurrent.atomic.LongAdder;

/** What became of questions about prompts. Thread-safe. */
public final class TokenCounts {

    private final LongAdder remembered = new LongAdder();

    /** The answer came in time. */
    final LongAdder inTime = new LongAdder();

    /** The pick did not wait any longer. */
    final LongAdder late = new LongAdder();

    /** There was no answer. */
    final LongAdder failed = new LongAdder();

    /** Nobody was asked: too many questions are open, or none was answered lately. */
    final LongAdder notAsked = new LongAdder();

    /** Counts a prompt whose tokens were remembered. */
    public void remembered() {
        remembered.increment();
    }

    /** Returns the counts. */
    public Snapshot snapshot() {
        return new Snapshot(
                remembered.sum(), inTime.sum(), late.sum(), failed.sum(), notAsked.sum());
    }

    /**
     * The counts at one time.
     *
     * @param remembered prompts whose tokens were remembered
     * @param inTime prompts whose tokens came in time
     * @param late prompts whose tokens came too late, or not in time to tell
     * @param failed prompts whose tokens nobody told
     * @param notAsked prompts about which nobody was asked
     */
    public record Snapshot(long remembered, long inTime, long late, long failed, long notAsked) {}
}
