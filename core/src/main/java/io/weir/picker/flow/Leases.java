package io.weir.picker.flow;

import org.jspecify.annotations.Nullable;

import java.util.Iterator;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/** Which requests run, and whose leases can be revoked. Thread-safe. */
final class Leases {

    private final LongAdder running = new LongAdder();
    private final ConcurrentSkipListSet<RevocableLease> revocable = new ConcurrentSkipListSet<>();
    private final AtomicLong sequence = new AtomicLong();
    private final Firm firm = new Firm(running);
    private final Consumer<RevocableLease> confirmed;

    /**
     * Returns no leases.
     *
     * @param confirmed is told of revoked leases that have ended, on any thread
     */
    Leases(Consumer<RevocableLease> confirmed) {
        this.confirmed = confirmed;
    }

    /** The lease of all requests that may not be broken off. */
    record Firm(LongAdder running) implements Lease {

        @Override
        public void end() {
            running.decrement();
        }
    }

    /** Counts a request that begins to run. Those of negative priority can be broken off. */
    Lease begin(int priority) {
        running.increment();
        if (priority >= 0) {
            return firm;
        }
        RevocableLease lease = new RevocableLease(this, priority, sequence.incrementAndGet());
        revocable.add(lease);
        return lease;
    }

    /** Returns how many requests run, those included that were told to end. */
    long running() {
        return running.sum();
    }

    /** Returns the lease to be revoked first; null when there is none. */
    @Nullable RevocableLease first() {
        // The set's own first() throws when the last one ends meanwhile.
        Iterator<RevocableLease> inOrder = revocable.iterator();
        return inOrder.hasNext() ? inOrder.next() : null;
    }

    /** Takes a lease out of those that can be revoked. */
    void take(RevocableLease lease) {
        revocable.remove(lease);
    }

    void ended(RevocableLease lease, boolean wasRevoked) {
        running.decrement();
        revocable.remove(lease);
        if (wasRevoked) {
            confirmed.accept(lease);
        }
    }
}
