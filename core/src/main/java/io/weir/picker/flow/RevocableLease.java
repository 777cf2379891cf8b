package io.weir.picker.flow;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.atomic.AtomicReference;

/**
 * A lease that more important requests may take.
 *
 * <pre>
 *            end
 * RUNNING ─────────────────────────▶ ENDED
 *    │ revoke                          ▲
 *    ▼         end                     │
 * REVOKED ─────────────────────────────┤
 *    │ abandon                         │
 *    ▼         end                     │
 * ABANDONED ───────────────────────────┘
 * </pre>
 *
 * <p>Every change is one compare-and-set; who makes it does what belongs to it.
 */
final class RevocableLease implements Lease, Comparable<RevocableLease> {

    private enum State {
        RUNNING,
        REVOKED,
        ABANDONED,
        ENDED
    }

    private final Leases leases;
    private final int priority;
    private final long sequence;
    private final AtomicReference<State> state = new AtomicReference<>(State.RUNNING);
    private final AtomicReference<@Nullable Runnable> listener = new AtomicReference<>();

    /** When it was revoked; set by who revokes it, before. */
    private volatile long revokedNanos;

    /**
     * Returns a lease that runs.
     *
     * @param sequence grows with every lease
     */
    RevocableLease(Leases leases, int priority, long sequence) {
        this.leases = leases;
        this.priority = priority;
        this.sequence = sequence;
    }

    int priority() {
        return priority;
    }

    long revokedNanos() {
        return revokedNanos;
    }

    @Override
    public void end() {
        State former = state.getAndSet(State.ENDED);
        leases.ended(this, former == State.REVOKED);
    }

    /** Has the request end; false when it has ended already. Called by one thread. */
    boolean revoke(long nowNanos) {
        revokedNanos = nowNanos;
        return state.compareAndSet(State.RUNNING, State.REVOKED);
    }

    /** Tells who runs the request that its lease is revoked. */
    void tell() {
        Runnable told = listener.getAndSet(Told.ONCE);
        if (told != null) {
            told.run();
        }
    }

    /** Stops waiting for a request to end; false when it has ended already. */
    boolean abandon() {
        return state.compareAndSet(State.REVOKED, State.ABANDONED);
    }

    @Override
    public void whenRevoked(Runnable told) {
        if (!listener.compareAndSet(null, told)) {
            told.run();
        }
    }

    /** Who is to be revoked first: the lowest priority, of these the one dispatched last. */
    @Override
    public int compareTo(RevocableLease other) {
        int byPriority = Integer.compare(priority, other.priority);
        return byPriority != 0 ? byPriority : Long.compare(other.sequence, sequence);
    }

    // No two are equal: each has a sequence of its own.

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }

    /** Stands in the place of a listener that was called. */
    private enum Told implements Runnable {
        ONCE;

        @Override
        public void run() {}
    }
}
