package io.weir.picker.pool;

import io.weir.picker.PickRequest;
import io.weir.picker.PickResult;
import io.weir.picker.PickResult.Decided;
import io.weir.picker.flow.Alarm;
import io.weir.picker.flow.FlowControl;
import io.weir.picker.flow.FlowObserver;
import io.weir.picker.flow.FlowSnapshot;
import io.weir.picker.flow.Gate;
import io.weir.picker.plugin.PickContext;

import java.time.Duration;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.function.LongSupplier;

/** Who may go on to the endpoints of a pool, and who waits. Thread-safe. */
final class Admission {

    private static final PickRequest NOBODY = PickRequest.forModel(null).build();

    /** What we count ourselves is right at once; this leaves time to answer who waited. */
    private static final long COUNTED_LAG_NANOS = Duration.ofMillis(10).toNanos();

    /** A scrape, 50 ms; values that are 2 s old; 250 ms for the server to let go of a request. */
    private static final long SCRAPED_LAG_NANOS = Duration.ofMillis(2300).toNanos();

    private final EndpointPool pool;
    private final LongSupplier nanoTime;
    private final FlowControl control;
    private final Gate snapshotGate = new PoolGate();

    Admission(EndpointPool pool, Alarm alarm, LongSupplier nanoTime, FlowObserver observer) {
        this.pool = pool;
        this.nanoTime = nanoTime;
        this.control = new FlowControl(new PoolGate(), alarm, nanoTime, observer);
    }

    FlowControl control() {
        return control;
    }

    boolean isOn() {
        return control.settings() != null;
    }

    /**
     * Returns whether a request may go on without getting into line.
     *
     * @param context has begun; all endpoints are candidates afterwards, or some of them
     */
    boolean mayPass(PickRequest request, PoolView view, PickContext context) {
        // Asked first: it costs less than the saturation.
        if (control.hasWaiting()) {
            return false;
        }
        return control.mayPass(
                request.priority(),
                RoleStages.saturation(
                        view.stages(),
                        view.schedule(),
                        context,
                        control.unplacedRequests(),
                        control.unplacedTokens()));
    }

    /**
     * Gets a request into line.
     *
     * @param place picks, when its turn has come
     */
    PickResult enter(PickRequest request, Function<PickRequest, Decided> place) {
        QueueTicket ticket = getInLine(request, place);
        boolean over = ticket.hasTurn() || ticket.refusal() != null;
        return over ? ticket.take() : new PickResult.Queued(ticket);
    }

    /** Gets a request into line; its wait may be over at once. */
    QueueTicket getInLine(PickRequest request, Function<PickRequest, Decided> place) {
        QueueTicket ticket = new QueueTicket(request, control, place, nanoTime.getAsLong());
        control.enter(ticket);
        return ticket;
    }

    /** Takes over what has changed in the pool. */
    @SuppressWarnings("ReferenceEquality") // Asked at every change; new rules are a new object.
    void poolChanged() {
        if (pool.view().config().flowControl() != control.settings()) {
            control.configure(pool.view().config().flowControl());
        }
        control.endpointsChanged();
    }

    /** Returns who waits. Costs nothing without flow control. */
    FlowSnapshot snapshot() {
        return isOn() ? control.snapshot(saturation()) : FlowSnapshot.OFF;
    }

    private double saturation() {
        // Not the line's gate: that belongs to the line's owner.
        synchronized (snapshotGate) {
            return snapshotGate.saturation(control.unplacedRequests(), control.unplacedTokens());
        }
    }

    /** The pool as the line sees it. Used by one thread at a time. */
    private final class PoolGate implements Gate {

        private final PickContext context = new PickContext(new SplittableRandom(0));

        @Override
        public double saturation(long unplacedRequests, long unplacedTokens) {
            PoolView view = pool.view();
            context.countsOutput(view.schedule().load().countsOutput());
            context.begin(NOBODY, view.endpoints(), null, null, nanoTime.getAsLong());
            try {
                return RoleStages.saturation(
                        view.stages(), view.schedule(), context, unplacedRequests, unplacedTokens);
            } finally {
                context.end();
            }
        }

        @Override
        public boolean isEmpty() {
            return pool.view().endpoints().length == 0;
        }

        @Override
        public long lagNanos() {
            boolean scraped = pool.view().schedule().saturationIsScraped();
            return scraped ? SCRAPED_LAG_NANOS : COUNTED_LAG_NANOS;
        }
    }
}
