package io.weir.picker.flow;

import org.jspecify.annotations.Nullable;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A request in the line.
 *
 * <pre>
 *           dispatched          placed
 * WAITING ──────────────▶ TURN ────────▶ PLACED
 *   │  │                    │
 *   │  └── cancelled ──┐    │ cancelled
 *   │                  ▼    ▼
 *   │                 CANCELLED
 *   └── time over, flow control ended ──▶ REFUSED
 * </pre>
 *
 * <p>Every change is one compare-and-set; who makes it does what belongs to it. In TURN the request
 * counts as load of the pool, until its owner has placed it.
 */
public abstract class Waiting {

    private static final VarHandle STATE;
    private static final VarHandle LISTENER;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            STATE = lookup.findVarHandle(Waiting.class, "state", State.class);
            LISTENER = lookup.findVarHandle(Waiting.class, "listener", Runnable.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** Stands in the place of a listener that was called. */
    private enum Called implements Runnable {
        ONCE;

        @Override
        public void run() {}
    }

    /** Where a request is. */
    enum State {
        WAITING,
        TURN,
        PLACED,
        CANCELLED,
        REFUSED
    }

    private final int priority;
    private final String fairnessId;
    private final long bytes;
    private final long tokens;
    private final long deadlineNanos;
    private volatile State state = State.WAITING;

    @SuppressWarnings("UnusedVariable") // Read through its handle.
    private volatile @Nullable Runnable listener;

    private volatile @Nullable Outcome refusal;

    /* Set by the caller before the request goes into the inbox. */
    @Nullable Band band;
    long enqueuedNanos;

    /* The line's. */
    boolean inLine;
    @Nullable Flow flow;
    long sequence;
    int heapIndex;
    @Nullable Waiting before;
    @Nullable Waiting behind;
    @Nullable Waiting older;
    @Nullable Waiting younger;

    /**
     * Describes a request.
     *
     * @param priority higher goes first
     * @param fairnessId whose request it is
     * @param bytes length of its body
     * @param tokens tokens that it will put on an endpoint
     * @param deadlineNanos when its first token should be there; {@link Long#MAX_VALUE} for any
     *     time
     */
    protected Waiting(
            int priority, String fairnessId, long bytes, long tokens, long deadlineNanos) {
        this.priority = priority;
        this.fairnessId = fairnessId;
        this.bytes = bytes;
        this.tokens = tokens;
        this.deadlineNanos = deadlineNanos;
    }

    /** Returns the priority. */
    public final int priority() {
        return priority;
    }

    /** Returns whose request it is. */
    public final String fairnessId() {
        return fairnessId;
    }

    /** Returns the model that the request is for; empty when unknown. */
    public abstract String model();

    final long bytes() {
        return bytes;
    }

    final long tokens() {
        return tokens;
    }

    final long deadlineNanos() {
        return deadlineNanos;
    }

    /** Returns why the request was refused; null when it was not. */
    public final @Nullable Outcome refusal() {
        return refusal;
    }

    /** Returns whether the request can be placed now. */
    public final boolean hasTurn() {
        return state == State.TURN;
    }

    final boolean isWaiting() {
        return state == State.WAITING;
    }

    final boolean change(State from, State to) {
        return STATE.compareAndSet(this, from, to);
    }

    /** Ends the wait without a turn; false when it has ended already. */
    final boolean refuse(Outcome why) {
        if (!change(State.WAITING, State.REFUSED)) {
            return false;
        }
        refusal = why;
        return true;
    }

    /**
     * Says who is told, once, that the wait is over: at once when it is already. Called at most
     * once.
     */
    public final void whenOver(Runnable told) {
        if (!LISTENER.compareAndSet(this, null, told)) {
            told.run();
        }
    }

    final void over() {
        Runnable told = (Runnable) LISTENER.getAndSet(this, Called.ONCE);
        if (told != null) {
            told.run();
        }
    }
}
