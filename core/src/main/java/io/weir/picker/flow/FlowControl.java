package io.weir.picker.flow;

import io.weir.picker.flow.Waiting.State;
import io.weir.picker.setup.FlowControlSettings;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * The line in front of one pool. Thread-safe.
 *
 * <p>A caller first asks whether a request {@link #mayPass}. If not, it {@linkplain #enter enters}
 * the line, where its {@link Waiting} gets a turn, is refused, or is {@linkplain #cancel
 * cancelled}. Who got a turn places the request on an endpoint and says so by {@link #placed}, or
 * gives the turn back by {@link #cancel}.
 */
public final class FlowControl {

    private final Places places = new Places();
    private final Ledger ledger = new Ledger();
    private final Bands bands = new Bands(ledger);
    private final AtomicLong unplacedRequests = new AtomicLong();
    private final AtomicLong unplacedTokens = new AtomicLong();
    private final LongSupplier nanoTime;
    private final FlowObserver observer;
    private final Reclaim reclaim;
    private final Dispatcher dispatcher;
    private volatile @Nullable FlowControlSettings settings;
    private volatile boolean ended;

    /**
     * Returns flow control that is off.
     *
     * @param gate how full the pool is
     * @param alarm wakes the line when requests have waited long enough
     * @param nanoTime a clock that only goes forward, in nanoseconds
     * @param observer is told of requests that came into the line
     */
    public FlowControl(Gate gate, Alarm alarm, LongSupplier nanoTime, FlowObserver observer) {
        this.nanoTime = nanoTime;
        this.observer = observer;
        this.reclaim = new Reclaim(gate, nanoTime, observer);
        this.dispatcher = new Dispatcher(this, gate, reclaim, alarm, nanoTime);
    }

    /**
     * Changes how requests wait. Those that wait already go on to under the new rules, with the
     * places that they have; without flow control they are let go.
     *
     * @param changed the rules
     */
    public void configure(FlowControlSettings changed) {
        if (changed.enabled()) {
            places.limit(changed.maxRequests(), changed.maxBytes());
            ledger.configure(changed);
        }
        settings = changed.enabled() ? changed : null;
        dispatcher.work();
    }

    /** Returns the rules; null when flow control is off. */
    public @Nullable FlowControlSettings settings() {
        return settings;
    }

    /** Returns whether requests are in line. */
    public boolean hasWaiting() {
        return places.requests() > 0;
    }

    /** Returns the requests that were let go and are not placed yet. */
    public long unplacedRequests() {
        return unplacedRequests.get();
    }

    /** Returns the tokens of the requests that were let go and are not placed yet. */
    public long unplacedTokens() {
        return unplacedTokens.get();
    }

    /**
     * Returns whether a request may go on without getting into line: nobody waits, and the pool is
     * less full than the request's band may fill it.
     *
     * @param saturation the saturation now, unplaced requests included; the pool has endpoints
     */
    public boolean mayPass(int priority, double saturation) {
        FlowControlSettings now = settings;
        if (now == null) {
            return true;
        }
        if (hasWaiting()) {
            return false;
        }
        Band[] all = bands.all();
        int rank = Bands.rank(all, priority);
        if (rank < 0) {
            bands.get(priority, now, nanoTime.getAsLong());
            return mayPass(priority, saturation);
        }
        if (saturation >= Ceilings.of(now.usageLimit(), all, rank, saturation)) {
            return false;
        }
        all[rank].count(Outcome.DISPATCHED);
        return true;
    }

    /**
     * Gets a request into line. When this returns it may have its turn already, or have been
     * refused.
     */
    public void enter(Waiting request) {
        FlowControlSettings rules = settings;
        FlowControlSettings now = rules == null ? FlowControlSettings.OFF : rules;
        request.enqueuedNanos = nanoTime.getAsLong();
        Band band = bands.get(request.priority(), now, request.enqueuedNanos);
        request.band = band;
        if (ended) {
            reject(request, band, Outcome.REJECTED_SHUTTING_DOWN);
        } else if (!takePlace(request, band)) {
            boolean empty = dispatcher.isPoolEmpty();
            reject(
                    request,
                    band,
                    empty ? Outcome.REJECTED_NO_ENDPOINTS : Outcome.REJECTED_CAPACITY);
        } else {
            dispatcher.bring(request);
        }
    }

    /**
     * Takes a request out of the line because nobody wants it any more, or gives its turn back.
     *
     * @return false when the wait had ended otherwise
     */
    public boolean cancel(Waiting request) {
        if (request.change(State.WAITING, State.CANCELLED)) {
            leave(request, Outcome.EVICTED_CANCELLED);
            dispatcher.bring(request);
            return true;
        }
        if (request.change(State.TURN, State.CANCELLED)) {
            giveBackTurn(request);
            return true;
        }
        return false;
    }

    /**
     * Says that a request that has its turn is about to be placed.
     *
     * @return false when it has none
     */
    public boolean claim(Waiting request) {
        return request.change(State.TURN, State.PLACED);
    }

    /** Says that a claimed request is on an endpoint, or came to none. */
    public void placed(Waiting request) {
        giveBackTurn(request);
    }

    /**
     * Says that a request goes to an endpoint. Where running requests may be broken off for more
     * important ones, those of negative priority can be told to end.
     *
     * @return to be ended with the request
     */
    public Lease begin(int priority) {
        FlowControlSettings now = settings;
        return now == null || !now.eviction() ? NoLease.NO_LEASE : reclaim.begin(priority);
    }

    /** Says that the pool may be less full than before. Costs nothing when nobody waits. */
    public void eased() {
        if (hasWaiting()) {
            dispatcher.work();
        }
    }

    /** Says that the pool has other endpoints than before. */
    public void endpointsChanged() {
        dispatcher.work();
    }

    /**
     * Says how much service an asker has had.
     *
     * @param tokens prompt tokens and twice the answer's
     */
    public void served(String fairnessId, double tokens) {
        if (ledger.isInUse()) {
            ledger.add(fairnessId, tokens, nanoTime.getAsLong());
        }
    }

    /** Refuses all who wait and all who come from now on. */
    public void end() {
        ended = true;
        dispatcher.work();
    }

    /**
     * Returns in how many seconds a refused request should be tried again: as long as the oldest
     * one in line has been waiting, 1 to 60.
     */
    public int retryAfterSeconds() {
        long waited = nanoTime.getAsLong() - dispatcher.oldestNanos();
        return hasWaiting() ? Math.clamp(Duration.ofNanos(waited).toSeconds(), 1, 60) : 1;
    }

    /**
     * Returns what is in line now.
     *
     * @param saturation the pool's saturation now
     */
    public FlowSnapshot snapshot(double saturation) {
        List<FlowSnapshot.OfBand> list = new ArrayList<>();
        for (Band band : bands.all()) {
            list.add(FlowSnapshot.of(band));
        }
        FlowControlSettings now = settings;
        return new FlowSnapshot(
                now != null,
                saturation,
                FlowSnapshot.use(places),
                List.copyOf(list),
                now == null || !now.eviction() ? null : reclaim.snapshot(nanoTime.getAsLong()));
    }

    /** Returns how many requests run that were counted when they began. */
    long running() {
        return reclaim.running();
    }

    // For the dispatcher.

    boolean hasEnded() {
        return ended;
    }

    Bands bands() {
        return bands;
    }

    Ledger ledger() {
        return ledger;
    }

    /** Gives a request its turn; false when it gave up before. */
    boolean dispatch(Waiting request) {
        unplacedRequests.getAndIncrement();
        unplacedTokens.getAndAdd(request.tokens());
        if (!request.change(State.WAITING, State.TURN)) {
            unplacedRequests.getAndDecrement();
            unplacedTokens.getAndAdd(-request.tokens());
            return false;
        }
        leave(request, Outcome.DISPATCHED);
        request.over();
        return true;
    }

    void refuse(Waiting request, Outcome why) {
        if (request.refuse(why)) {
            leave(request, why);
            request.over();
        }
    }

    private boolean takePlace(Waiting request, Band band) {
        if (!places.take(request.bytes())) {
            return false;
        }
        if (band.places().take(request.bytes())) {
            return true;
        }
        places.giveBack(request.bytes());
        return false;
    }

    private void leave(Waiting request, Outcome outcome) {
        Band band = request.band;
        if (band == null) {
            throw new IllegalStateException("never entered");
        }
        band.places().giveBack(request.bytes());
        places.giveBack(request.bytes());
        band.count(outcome);
        observer.left(request, outcome, nanoTime.getAsLong() - request.enqueuedNanos);
    }

    private void reject(Waiting request, Band band, Outcome outcome) {
        request.refuse(outcome);
        band.count(outcome);
        observer.left(request, outcome, 0);
        request.over();
    }

    private void giveBackTurn(Waiting request) {
        unplacedTokens.getAndAdd(-request.tokens());
        unplacedRequests.getAndDecrement();
        eased();
    }
}
