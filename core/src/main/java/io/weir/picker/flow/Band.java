package io.weir.picker.flow;

import io.weir.picker.setup.FlowControlSettings;

import org.jspecify.annotations.Nullable;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * All requests of one priority.
 *
 * <p>Places are taken and given back by any thread; flows and turns belong to the line's owner.
 */
final class Band {

    // Beyond this many, flows are forgotten as soon as they are idle.
    private static final int MOST_IDLE_FLOWS = 1000;

    private final int priority;
    private final Places places = new Places();
    private final Map<String, Flow> flows = new ConcurrentHashMap<>();
    private final Map<Outcome, LongAdder> outcomes = new EnumMap<>(Outcome.class);
    private final LongAdder evictions = new LongAdder();
    private Turns turns;
    private int waiting;
    private long idleSinceNanos;

    /** Calls that the usage limit let wait; read and written without care for lost ones. */
    final AtomicLong ceilingCalls = new AtomicLong();

    Band(int priority, FlowControlSettings.Band settings, Ledger ledger, long nowNanos) {
        this.priority = priority;
        this.turns = Turns.of(settings, ledger);
        this.idleSinceNanos = nowNanos;
        places.limit(settings.maxRequests(), settings.maxBytes());
        for (Outcome outcome : Outcome.values()) {
            outcomes.put(outcome, new LongAdder());
        }
    }

    int priority() {
        return priority;
    }

    Places places() {
        return places;
    }

    Iterable<Flow> flows() {
        return flows.values();
    }

    void count(Outcome outcome) {
        counter(outcome).increment();
    }

    long counted(Outcome outcome) {
        return counter(outcome).sum();
    }

    void countEvictions(int running) {
        evictions.add(running);
    }

    long evictions() {
        return evictions.sum();
    }

    private LongAdder counter(Outcome outcome) {
        return Objects.requireNonNull(outcomes.get(outcome));
    }

    // Only by the line's owner.

    boolean isEmpty() {
        return waiting == 0;
    }

    boolean isIdleSince(long nanos) {
        return waiting == 0 && places.requests() == 0 && idleSinceNanos - nanos < 0;
    }

    void add(Waiting request) {
        Flow flow = flows.get(request.fairnessId());
        if (flow == null) {
            flow = turns.flow(request.fairnessId());
            flows.put(request.fairnessId(), flow);
        }
        boolean wasIdle = flow.isIdle();
        flow.add(request);
        request.flow = flow;
        waiting++;
        if (wasIdle) {
            turns.busy(flow);
        }
    }

    @Nullable Waiting next(long nowNanos) {
        return turns.next(nowNanos);
    }

    /** Takes out a request that has its turn. */
    void serve(Waiting request, long nowNanos) {
        if (request.flow != null) {
            turns.served(request.flow);
        }
        remove(request, nowNanos);
    }

    /** Takes out a request, wherever it is. */
    void remove(Waiting request, long nowNanos) {
        Flow flow = request.flow;
        if (flow == null) {
            throw new IllegalStateException("not in line");
        }
        flow.remove(request);
        request.flow = null;
        waiting--;
        idleSinceNanos = nowNanos;
        if (flow.isIdle()) {
            turns.idle(flow);
            flow.idleSinceNanos = nowNanos;
            if (flows.size() > MOST_IDLE_FLOWS) {
                flows.remove(flow.fairnessId());
            }
        }
    }

    /** Changes how the band is kept; nobody may be in line. */
    void configure(FlowControlSettings.Band settings, Ledger ledger) {
        places.limit(settings.maxRequests(), settings.maxBytes());
        turns = Turns.of(settings, ledger);
        flows.clear();
    }

    void forgetFlowsIdleSince(long nanos) {
        flows.values().removeIf(flow -> flow.isIdle() && flow.idleSinceNanos - nanos < 0);
    }
}
