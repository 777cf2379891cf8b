package io.weir.picker.flow;

import org.jspecify.annotations.Nullable;

/** Those of one band who wait for the same asker. Changed by the line's owner alone. */
final class Flow {

    private final String fairnessId;
    private final Line line;
    private volatile int requests;
    private volatile long bytes;

    /* Place in the ring of flows that take turns. */
    @Nullable Flow previous;
    @Nullable Flow next;

    /** When the last request left. */
    long idleSinceNanos;

    /**
     * Returns a flow without requests.
     *
     * @param line where its requests wait; shared with other flows where they have one order
     */
    Flow(String fairnessId, Line line) {
        this.fairnessId = fairnessId;
        this.line = line;
    }

    String fairnessId() {
        return fairnessId;
    }

    int requests() {
        return requests;
    }

    long bytes() {
        return bytes;
    }

    boolean isIdle() {
        return requests == 0;
    }

    @Nullable Waiting first() {
        return line.first();
    }

    // Written by one thread at a time, so that no increment is lost.
    @SuppressWarnings("NonAtomicVolatileUpdate")
    void add(Waiting request) {
        line.add(request);
        requests++;
        bytes += request.bytes();
    }

    @SuppressWarnings("NonAtomicVolatileUpdate")
    void remove(Waiting request) {
        line.remove(request);
        requests--;
        bytes -= request.bytes();
    }
}
