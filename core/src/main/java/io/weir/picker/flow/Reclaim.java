package io.weir.picker.flow;

import io.weir.picker.flow.FlowSnapshot.Evictions;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/**
 * Takes places from running requests of negative priority for more important ones that wait because
 * the pool is too full for them.
 *
 * <p>A few are told to end at a time. Nobody else is told before these have ended and what they
 * held has had time to vanish from the saturation: acting twice on one value of it would break off
 * more than it takes.
 *
 * <p>Leases begin and end on any thread; the rest belongs to the line's owner.
 */
final class Reclaim {

    private static final int MOST_AT_ONCE = 2;
    private static final long CONFIRMATION_NANOS = Duration.ofSeconds(10).toNanos();

    // What is lost to rounding must not cost another request.
    private static final double ROUNDING = 1e-9;

    private final Leases leases = new Leases(this::confirmed);
    private final Gate gate;
    private final LongSupplier nanoTime;
    private final FlowObserver observer;
    private final AtomicInteger outstanding = new AtomicInteger();
    private final LongAdder confirmed = new LongAdder();
    private final LongAdder timedOut = new LongAdder();
    private volatile long quietUntilNanos;
    private volatile double target;
    private volatile double expected;

    /* The line's owner's. */
    private final List<RevocableLease> revoked = new ArrayList<>(MOST_AT_ONCE);
    private long nextLookNanos = Long.MAX_VALUE;

    Reclaim(Gate gate, LongSupplier nanoTime, FlowObserver observer) {
        this.gate = gate;
        this.nanoTime = nanoTime;
        this.observer = observer;
        this.quietUntilNanos = nanoTime.getAsLong();
    }

    /** Counts a request that begins to run. */
    Lease begin(int priority) {
        return leases.begin(priority);
    }

    long running() {
        return leases.running();
    }

    /**
     * Returns what came of it so far.
     *
     * @param nowNanos the time
     */
    Evictions snapshot(long nowNanos) {
        boolean settled = outstanding.get() == 0 && quietUntilNanos - nowNanos <= 0;
        return new Evictions(confirmed.sum(), timedOut.sum(), target, settled ? 0 : expected);
    }

    /** Called when a request that was told to end has ended. */
    private void confirmed(RevocableLease lease) {
        long now = nanoTime.getAsLong();
        confirmed.increment();
        observer.evicted(now - lease.revokedNanos());
        retire(now);
    }

    private void retire(long now) {
        quietUntilNanos = now + gate.lagNanos();
        outstanding.getAndDecrement();
    }

    // Only by the line's owner.

    /** Returns in how many nanoseconds to look again; the largest number when nothing is due. */
    long nextLookNanos() {
        return nextLookNanos;
    }

    /** Says that nobody is known to wait for a fuller pool. */
    void nobodyBlocked() {
        nextLookNanos = Long.MAX_VALUE;
    }

    /**
     * Takes places for requests that wait, if there are any to be had and it is time.
     *
     * @param band who waits
     * @param saturation the saturation now
     * @param ceiling from where on the band waits; not above the saturation
     */
    void blocked(Band band, double saturation, double ceiling, long now) {
        abandonOverdue(now);
        // Nothing that ends opens a band whose ceiling is 0.
        if (ceiling <= 0 || victim(band) == null) {
            nextLookNanos = Long.MAX_VALUE;
        } else if (outstanding.get() > 0) {
            nextLookNanos = revoked.getFirst().revokedNanos() + CONFIRMATION_NANOS - now;
        } else if (quietUntilNanos - now > 0) {
            nextLookNanos = quietUntilNanos - now;
        } else {
            revoke(band, saturation, ceiling, now);
            nextLookNanos = CONFIRMATION_NANOS;
        }
    }

    private @Nullable RevocableLease victim(Band band) {
        RevocableLease first = leases.first();
        return first != null && first.priority() < band.priority() ? first : null;
    }

    private void revoke(Band band, double saturation, double ceiling, long now) {
        double each = saturation / Math.max(1, leases.running());
        target = saturation - ceiling;
        int most = (int) Math.clamp(Math.ceil(target / each - ROUNDING), 1, MOST_AT_ONCE);
        revoked.clear();
        RevocableLease lease = victim(band);
        while (lease != null && revoked.size() < most) {
            leases.take(lease);
            outstanding.getAndIncrement();
            if (lease.revoke(now)) {
                revoked.add(lease);
            } else {
                outstanding.getAndDecrement();
            }
            lease = victim(band);
        }
        expected = each * revoked.size();
        band.countEvictions(revoked.size());
        revoked.forEach(RevocableLease::tell);
    }

    /** Does not wait for those any more that were told long ago: who runs them does not listen. */
    private void abandonOverdue(long now) {
        for (RevocableLease lease : revoked) {
            if (now - lease.revokedNanos() >= CONFIRMATION_NANOS && lease.abandon()) {
                timedOut.increment();
                retire(now);
            }
        }
    }
}
