package io.weir.picker.flow;

import io.weir.picker.setup.FlowControlSettings;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/**
 * Works the line: whoever raises {@link #rounds} from zero goes round until nobody has raised it
 * meanwhile. Everything below is that thread's.
 */
final class Dispatcher {

    private static final Logger log = LoggerFactory.getLogger(Dispatcher.class);
    private static final long FORGET_FLOWS_NANOS = Duration.ofMinutes(5).toNanos();
    private static final long FORGET_BANDS_NANOS = Duration.ofMinutes(10).toNanos();
    private static final long SWEEP_NANOS = Duration.ofMinutes(1).toNanos();
    private static final long SOONEST_ALARM_NANOS = Duration.ofMillis(2).toNanos();

    private final AtomicInteger rounds = new AtomicInteger();
    private final Queue<Waiting> inbox = new ConcurrentLinkedQueue<>();
    private final FlowControl control;
    private final Gate gate;
    private final Reclaim reclaim;
    private final Alarm alarm;
    private final LongSupplier nanoTime;
    private final Ages ages = new Ages();
    private final Runnable wake = this::alarmRang;
    private @Nullable FlowControlSettings settings;
    private long sequence;
    private long regimeSinceNanos;
    private long alarmNanos;
    private boolean alarmSet;
    private long sweptNanos;
    private volatile boolean rang;
    private volatile boolean poolEmpty = true;
    private volatile long oldestNanos;

    Dispatcher(
            FlowControl control, Gate gate, Reclaim reclaim, Alarm alarm, LongSupplier nanoTime) {
        this.control = control;
        this.gate = gate;
        this.reclaim = reclaim;
        this.alarm = alarm;
        this.nanoTime = nanoTime;
        this.regimeSinceNanos = nanoTime.getAsLong();
        this.sweptNanos = regimeSinceNanos;
    }

    /** Hands over a request that came or gave up. */
    void bring(Waiting request) {
        inbox.add(request);
        work();
    }

    /** Works the line, unless another thread does, who then goes round once more. */
    void work() {
        if (rounds.getAndIncrement() != 0) {
            return;
        }
        int done = 1;
        do {
            try {
                round();
            } catch (RuntimeException e) {
                log.atError().setCause(e).log("flow control failed; requests may wait longer");
            }
            done = rounds.addAndGet(-done);
        } while (done != 0);
    }

    boolean isPoolEmpty() {
        return poolEmpty;
    }

    /** Returns since when the oldest request waits. */
    long oldestNanos() {
        return oldestNanos;
    }

    private void alarmRang() {
        rang = true;
        work();
    }

    private void round() {
        long now = nanoTime.getAsLong();
        noteRegime(now);
        adopt(now);
        takeIn(now);
        if (control.hasEnded()) {
            refuseAll(now);
            return;
        }
        refuseOverdue(now);
        noteOldest();
        letGo(now);
        noteOldest();
        setAlarm(now);
        sweep(now);
    }

    private void noteRegime(long now) {
        boolean empty = gate.isEmpty();
        if (empty != poolEmpty) {
            poolEmpty = empty;
            regimeSinceNanos = now;
        }
    }

    /** Takes over changed rules: those in line get into line anew, in the order of their age. */
    @SuppressWarnings("ReferenceEquality") // Asked at every wake-up; new rules are a new object.
    private void adopt(long now) {
        FlowControlSettings wanted = control.settings();
        if (wanted == settings) {
            return;
        }
        settings = wanted;
        if (wanted == null) {
            return;
        }
        for (Waiting w = ages.oldest(); w != null; w = w.younger) {
            bandOf(w).remove(w, now);
        }
        for (Band band : control.bands().all()) {
            band.configure(wanted.band(band.priority()), control.ledger());
        }
        for (Waiting w = ages.oldest(); w != null; w = w.younger) {
            bandOf(w).add(w);
        }
    }

    private void takeIn(long now) {
        for (Waiting w = inbox.poll(); w != null; w = inbox.poll()) {
            if (w.inLine) {
                takeOut(w, now);
            } else if (w.isWaiting()) {
                w.sequence = sequence++;
                w.inLine = true;
                Band band = bandOf(w);
                control.bands().keep(band);
                band.add(w);
                ages.add(w);
            }
        }
    }

    private void noteOldest() {
        Waiting oldest = ages.oldest();
        if (oldest != null) {
            oldestNanos = oldest.enqueuedNanos;
        }
    }

    private void refuseOverdue(long now) {
        for (Waiting w = ages.oldest(); w != null; w = ages.oldest()) {
            long deadline = deadlineNanos(w);
            if (deadline == Long.MAX_VALUE || deadline - now > 0) {
                return;
            }
            takeOut(w, now);
            control.refuse(w, poolEmpty ? Outcome.EVICTED_NO_ENDPOINTS : Outcome.EVICTED_TTL);
        }
    }

    private void refuseAll(long now) {
        for (Waiting w = ages.oldest(); w != null; w = ages.oldest()) {
            takeOut(w, now);
            control.refuse(w, Outcome.EVICTED_SHUTTING_DOWN);
        }
    }

    private void letGo(long now) {
        reclaim.nobodyBlocked();
        for (Waiting w = next(now); w != null; w = next(now)) {
            bandOf(w).serve(w, now);
            w.inLine = false;
            ages.remove(w);
            control.dispatch(w);
        }
    }

    /** Returns who is next and may go; null when there is nobody. */
    private @Nullable Waiting next(long now) {
        FlowControlSettings rules = settings;
        if (ages.oldest() == null || (poolEmpty && rules != null)) {
            return null;
        }
        double full = gate.saturation(control.unplacedRequests(), control.unplacedTokens());
        Band[] bands = control.bands().all();
        for (int rank = 0; rank < bands.length; rank++) {
            if (bands[rank].isEmpty()) {
                continue;
            }
            if (rules == null) {
                return bands[rank].next(now);
            }
            double ceiling = Ceilings.of(rules.usageLimit(), bands, rank, full);
            if (full < ceiling) {
                return bands[rank].next(now);
            }
            if (rules.eviction()) {
                reclaim.blocked(bands[rank], full, ceiling, now);
            }
            // Who is less important does not overtake.
            return null;
        }
        return null;
    }

    private void takeOut(Waiting w, long now) {
        bandOf(w).remove(w, now);
        w.inLine = false;
        ages.remove(w);
    }

    private long deadlineNanos(Waiting w) {
        FlowControlSettings rules = settings;
        if (rules == null) {
            return Long.MAX_VALUE;
        }
        Duration ttl = poolEmpty ? rules.noEndpointRequestTtl() : rules.requestTtl();
        if (ttl.isZero()) {
            return Long.MAX_VALUE;
        }
        boolean cameLater = w.enqueuedNanos - regimeSinceNanos > 0;
        return (cameLater ? w.enqueuedNanos : regimeSinceNanos) + ttl.toNanos();
    }

    private void setAlarm(long now) {
        if (rang) {
            rang = false;
            alarmSet = false;
        }
        Waiting oldest = ages.oldest();
        if (oldest == null) {
            return;
        }
        long deadline = deadlineNanos(oldest);
        long untilDeadline = deadline == Long.MAX_VALUE ? deadline : deadline - now;
        long next = Math.min(untilDeadline, reclaim.nextLookNanos());
        if (next == Long.MAX_VALUE || (alarmSet && alarmNanos - now <= next)) {
            return;
        }
        long delay = Math.max(SOONEST_ALARM_NANOS, next);
        alarmSet = true;
        alarmNanos = now + delay;
        alarm.after(delay, wake);
    }

    private void sweep(long now) {
        if (now - sweptNanos < SWEEP_NANOS) {
            return;
        }
        sweptNanos = now;
        FlowControlSettings rules = settings == null ? FlowControlSettings.OFF : settings;
        for (Band band : control.bands().all()) {
            band.forgetFlowsIdleSince(now - FORGET_FLOWS_NANOS);
        }
        control.bands().forgetIdleSince(now - FORGET_BANDS_NANOS, rules);
        control.ledger().sweep(now);
    }

    private static Band bandOf(Waiting w) {
        if (w.band == null) {
            throw new IllegalStateException("never entered");
        }
        return w.band;
    }
}
