package io.weir.picker.flow;

import io.weir.picker.plugin.FlowPolicy.Fairness;
import io.weir.picker.plugin.FlowPolicy.Ordering;
import io.weir.picker.plugin.FlowPolicy.UsageLimit;
import io.weir.picker.setup.FlowControlSettings;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.TreeMap;
import java.util.function.Consumer;

/** A pool of places in virtual time, and requests for them. */
final class FlowTesting implements Gate {

    static final Duration TTL = Duration.ofSeconds(10);
    static final Duration EMPTY_TTL = Duration.ofSeconds(3);
    static final FlowControlSettings ON =
            settings(FlowControlSettings.Band.DEFAULT, new UsageLimit.Fixed(1), 0);

    long now = 1_000_000_000L;
    int capacity;
    int running;
    boolean empty;
    Duration lag = Duration.ofMillis(10);
    Consumer<Request> whenEvicted = Request::finish;
    final List<Request> evicted = new ArrayList<>();
    final List<Request> dispatched = new ArrayList<>();
    final List<Duration> confirmations = new ArrayList<>();
    final FlowControl control = new FlowControl(this, this::alarm, () -> now, new Observer());

    private final PriorityQueue<Ring> alarms =
            new PriorityQueue<>(Comparator.comparingLong(Ring::atNanos));

    private record Ring(long atNanos, Runnable callback) {}

    private final class Observer implements FlowObserver {

        @Override
        public void left(Waiting request, Outcome outcome, long waitNanos) {}

        @Override
        public void evicted(long nanos) {
            confirmations.add(Duration.ofNanos(nanos));
        }
    }

    /** A request that counts what becomes of it. */
    final class Request extends Waiting {

        int ends;
        long endedNanos;
        boolean running;
        private Lease lease = NoLease.NO_LEASE;

        Request(int priority, String fairnessId, long bytes, long deadlineNanos) {
            super(priority, fairnessId, bytes, 1, deadlineNanos);
        }

        @Override
        public String model() {
            return "llama";
        }

        void ended() {
            ends++;
            endedNanos = now;
            if (control.claim(this)) {
                FlowTesting.this.running++;
                running = true;
                dispatched.add(this);
                lease = control.begin(priority());
                control.placed(this);
                lease.whenRevoked(this::revoked);
            }
        }

        private void revoked() {
            evicted.add(this);
            whenEvicted.accept(this);
        }

        void finish() {
            running = false;
            FlowTesting.this.running--;
            lease.end();
            control.eased();
        }

        void cancel() {
            if (control.cancel(this)) {
                ends++;
                endedNanos = now;
            }
        }
    }

    FlowTesting(int capacity, FlowControlSettings settings) {
        this.capacity = capacity;
        control.configure(settings);
    }

    @Override
    public double saturation(long unplacedRequests, long unplacedTokens) {
        return capacity == 0 ? 1 : (double) (running + unplacedRequests) / capacity;
    }

    @Override
    public boolean isEmpty() {
        return empty;
    }

    Request enter(int priority, String fairnessId) {
        return enter(priority, fairnessId, 100, Long.MAX_VALUE);
    }

    Request enter(int priority, String fairnessId, long bytes, long deadlineNanos) {
        Request request = new Request(priority, fairnessId, bytes, deadlineNanos);
        control.enter(request);
        request.whenOver(request::ended);
        return request;
    }

    /** Lets running requests finish, one after the other, until so many were let go. */
    void serve(int requests) {
        for (int i = 0; i < requests; i++) {
            dispatched.stream().filter(r -> r.running).findFirst().orElseThrow().finish();
        }
    }

    void advance(Duration time) {
        long until = now + time.toNanos();
        while (!alarms.isEmpty() && alarms.peek().atNanos() <= until) {
            Ring ring = alarms.poll();
            now = Math.max(now, ring.atNanos());
            ring.callback().run();
        }
        now = until;
    }

    private void alarm(long delayNanos, Runnable callback) {
        alarms.add(new Ring(now + delayNanos, callback));
    }

    @Override
    public long lagNanos() {
        return lag.toNanos();
    }

    /** Returns rules by which running requests may be broken off. */
    static FlowControlSettings evicting(UsageLimit limit) {
        FlowControlSettings.Band band = FlowControlSettings.Band.DEFAULT;
        return new FlowControlSettings(
                true, 0, 0, TTL, EMPTY_TTL, band, band, new TreeMap<>(), limit, true);
    }

    static FlowControlSettings settings(FlowControlSettings.Band band) {
        return settings(band, new UsageLimit.Fixed(1), 0);
    }

    static FlowControlSettings settings(
            FlowControlSettings.Band band, UsageLimit limit, long maxRequests) {
        return new FlowControlSettings(
                true, 0, maxRequests, TTL, EMPTY_TTL, band, band, new TreeMap<>(), limit, false);
    }

    static FlowControlSettings.Band band(Fairness fairness, Ordering ordering) {
        return new FlowControlSettings.Band(0, 0, fairness, ordering);
    }
}
