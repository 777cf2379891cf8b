package io.weir.simulator.engine;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.function.BooleanSupplier;

/**
 * Runs events and any number of engines in virtual time, one after the other in the order of their
 * times. At the same time events come before engines, earlier events before later ones and engines
 * in the order in which they were added, so that a run with the same seeds is the same run.
 */
public final class VirtualTime {

    private static final Comparator<Event> BY_TIME =
            Comparator.comparingLong(Event::atNanos).thenComparingLong(Event::order);

    private static final long LAST = Engine.NEVER - 1;

    private final Queue<Event> events = new PriorityQueue<>(BY_TIME);
    private final List<Engine> engines = new ArrayList<>();
    private long nowNanos;
    private long order;

    private record Event(long atNanos, long order, Runnable action) {}

    /** Returns the time. It begins at 0. */
    public long nowNanos() {
        return nowNanos;
    }

    /** Drives an engine from now on. */
    public void add(Engine engine) {
        engines.add(engine);
    }

    /** Runs something at a time, at once if that is past. */
    public void at(long nanos, Runnable action) {
        events.add(new Event(nanos, order++, action));
    }

    /** Runs everything that is due up to a time, and makes it that time. */
    public void runUntil(long endNanos) {
        while (runNext(endNanos)) {
            // All of the work is in the condition.
        }
        nowNanos = Math.max(nowNanos, endNanos);
    }

    /** Runs as long as a condition holds and something is left to do. */
    public void runWhile(BooleanSupplier condition) {
        while (condition.getAsBoolean() && runNext(LAST)) {
            // All of the work is in the condition.
        }
    }

    /** Runs until nothing is left to do. */
    public void run() {
        while (runNext(LAST)) {
            // All of the work is in the condition.
        }
    }

    /** Runs what is due next, unless that is after a time; returns whether there was something. */
    private boolean runNext(long latestNanos) {
        Event event = events.peek();
        long next = event == null ? Engine.NEVER : event.atNanos();
        @Nullable Engine first = null;
        for (int i = 0; i < engines.size(); i++) {
            long step = engines.get(i).nextStepNanos();
            if (step < next) {
                next = step;
                first = engines.get(i);
            }
        }
        if (next > latestNanos) {
            return false;
        }
        nowNanos = Math.max(nowNanos, next);
        if (first != null) {
            first.step(nowNanos);
        } else {
            events.remove().action().run();
        }
        return true;
    }
}
