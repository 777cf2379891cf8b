package io.weir.picker.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.picker.flow.FlowTesting.Request;
import io.weir.picker.plugin.FlowPolicy.Fairness;
import io.weir.picker.plugin.FlowPolicy.Ordering;
import io.weir.picker.plugin.FlowPolicy.UsageLimit;
import io.weir.picker.setup.FlowControlSettings;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

class FlowInvariantsTest {

    private static final Duration MARGIN = Duration.ofMillis(3);
    private static final List<Fairness> FAIRNESS =
            List.of(
                    new Fairness.GlobalStrict(),
                    new Fairness.RoundRobin(),
                    new Fairness.ProgramAware(
                            0.8,
                            0.2,
                            Duration.ofSeconds(60),
                            Duration.ofHours(1),
                            Duration.ofMinutes(5)));
    private static final List<Ordering> ORDERINGS =
            List.of(
                    new Ordering.FirstCome(),
                    new Ordering.EarliestDeadline(),
                    new Ordering.SloDeadline());

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void everyRequestEndsOnceWithinItsTimeAndTheLimits(long seed) {
        var random = new SplittableRandom(seed);
        var pool = new FlowTesting(5, settings(random));
        List<Request> all = new ArrayList<>();

        for (int step = 0; step < 1_500; step++) {
            step(pool, all, random);
            assertThat(waiting(all))
                    .as("seed %d step %d", seed, step)
                    .isEqualTo((int) pool.control.snapshot(0).total().requests());
            assertNobodyWaitsInVain(pool, seed, step);
            assertWithinLimits(pool);
        }
        pool.capacity = Integer.MAX_VALUE;
        pool.empty = false;
        pool.control.endpointsChanged();

        assertThat(all).as("seed %d", seed).allSatisfy(r -> assertThat(r.ends).isOne());
        assertThat(all)
                .as("seed %d", seed)
                .allSatisfy(r ->
                        assertThat(r.endedNanos - r.enqueuedNanos)
                                .isLessThan(longestWait().plus(MARGIN).toNanos()));
        assertThat(pool.control.unplacedRequests()).isZero();
        assertThat(pool.control.unplacedTokens()).isZero();
        assertThat(pool.control.snapshot(0).total().bytes()).isZero();
    }

    // Time is counted anew each time the pool gets or loses its endpoints, at most this often.
    private static Duration longestWait() {
        return FlowTesting.TTL.multipliedBy(20);
    }

    private void step(FlowTesting pool, List<Request> all, SplittableRandom random) {
        switch (random.nextInt(20)) {
            case 0 -> pool.advance(Duration.ofMillis(random.nextInt(4_000)));
            case 1 -> {
                pool.capacity = random.nextInt(8);
                pool.control.eased();
            }
            case 2 -> {
                pool.empty = random.nextInt(4) == 0;
                pool.control.endpointsChanged();
            }
            case 3, 4 -> pick(all, random).ifPresent(Request::cancel);
            case 5 -> {
                if (random.nextInt(10) == 0) {
                    pool.control.configure(settings(random));
                }
            }
            case 6, 7, 8, 9, 10, 11 ->
                    pool.dispatched.stream()
                            .filter(r -> r.running)
                            .findAny()
                            .ifPresent(r -> {
                                r.finish();
                                pool.dispatched.remove(r);
                                pool.control.served(r.fairnessId(), random.nextInt(1000));
                            });
            default ->
                    all.add(
                            pool.enter(
                                    random.nextInt(-1, 3),
                                    "flow-" + random.nextInt(6),
                                    random.nextInt(1, 200),
                                    pool.now + random.nextInt(1000)));
        }
    }

    private static Optional<Request> pick(List<Request> all, SplittableRandom random) {
        return all.isEmpty() ? Optional.empty() : Optional.of(all.get(random.nextInt(all.size())));
    }

    private static FlowControlSettings settings(SplittableRandom random) {
        var band =
                new FlowControlSettings.Band(
                        random.nextInt(4_000),
                        random.nextInt(40),
                        FAIRNESS.get(random.nextInt(FAIRNESS.size())),
                        ORDERINGS.get(random.nextInt(ORDERINGS.size())));
        return FlowTesting.settings(band, new UsageLimit.Fixed(1), random.nextInt(60));
    }

    private static int waiting(List<Request> all) {
        return (int) all.stream().filter(Waiting::isWaiting).count();
    }

    private static void assertNobodyWaitsInVain(FlowTesting pool, long seed, int step) {
        boolean open = !pool.empty && pool.saturation(0, 0) < 1;
        if (open) {
            assertThat(pool.control.hasWaiting()).as("seed %d step %d", seed, step).isFalse();
        }
        assertThat(pool.running).isGreaterThanOrEqualTo(0);
    }

    // Places taken under wider limits before are kept, so only growth beyond them is wrong.
    private static void assertWithinLimits(FlowTesting pool) {
        for (FlowSnapshot.OfBand band : pool.control.snapshot(0).bands()) {
            int inFlows = band.flows().stream().mapToInt(FlowSnapshot.OfFlow::requests).sum();
            assertThat(inFlows).isEqualTo((int) band.use().requests());
            long bytes = band.flows().stream().mapToLong(FlowSnapshot.OfFlow::bytes).sum();
            assertThat(bytes).isEqualTo(band.use().bytes());
        }
    }

    @Test
    void threadsNeverOverfillThePoolNorLoseAWakeUp() throws InterruptedException {
        int threads = 4;
        int perThread = 3_000;
        int capacity = 3;
        var running = new AtomicInteger();
        var most = new AtomicInteger();
        var ended = new AtomicInteger();
        Gate gate = new CountedGate(running, capacity);
        var control = new FlowControl(gate, Alarm.NONE, System::nanoTime, FlowObserver.NONE);
        control.configure(
                FlowTesting.settings(
                        new FlowControlSettings.Band(0, 0, FAIRNESS.get(1), ORDERINGS.get(0))));
        List<Thread> workers = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
            var random = new SplittableRandom(t);
            workers.add(
                    Thread.ofPlatform()
                            .start(() -> {
                                var turns = new ConcurrentLinkedQueue<Plain>();
                                for (int i = 0; i < perThread; i++) {
                                    var request =
                                            new Plain(random.nextInt(3), "f" + random.nextInt(5));
                                    control.enter(request);
                                    request.whenOver(() -> turns.add(request));
                                    if (random.nextInt(8) == 0 && control.cancel(request)) {
                                        ended.incrementAndGet();
                                        request.cancelled = true;
                                    }
                                    work(control, turns, running, most, ended);
                                }
                                while (ended.get() < threads * perThread) {
                                    work(control, turns, running, most, ended);
                                    LockSupport.parkNanos(10_000);
                                }
                            }));
        }
        for (Thread worker : workers) {
            worker.join(Duration.ofSeconds(30));
            assertThat(worker.isAlive())
                    .as("somebody waits for a wake-up: %d ended", ended.get())
                    .isFalse();
        }
        assertThat(ended.get()).isEqualTo(threads * perThread);
        assertThat(most.get()).isLessThanOrEqualTo(capacity);
        assertThat(running.get()).isZero();
        assertThat(control.hasWaiting()).isFalse();
    }

    private static void work(
            FlowControl control,
            ConcurrentLinkedQueue<Plain> turns,
            AtomicInteger running,
            AtomicInteger most,
            AtomicInteger ended) {
        for (Plain request = turns.poll(); request != null; request = turns.poll()) {
            if (request.cancelled || !control.claim(request)) {
                continue;
            }
            most.accumulateAndGet(running.incrementAndGet(), Math::max);
            control.placed(request);
            running.decrementAndGet();
            ended.incrementAndGet();
            control.eased();
        }
    }

    private static final class Plain extends Waiting {

        boolean cancelled;

        Plain(int priority, String fairnessId) {
            super(priority, fairnessId, 10, 1, Long.MAX_VALUE);
        }

        @Override
        public String model() {
            return "llama";
        }
    }
}
