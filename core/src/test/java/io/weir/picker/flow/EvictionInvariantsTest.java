package io.weir.picker.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.picker.flow.FlowSnapshot.Evictions;
import io.weir.picker.flow.FlowTesting.Request;
import io.weir.picker.plugin.FlowPolicy.UsageLimit;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/** What holds whatever happens when running requests are broken off. */
class EvictionInvariantsTest {

    private static final int MOST_AT_ONCE = 2;
    private static final List<UsageLimit> LIMITS =
            List.of(
                    new UsageLimit.Fixed(1),
                    new UsageLimit.PriorityHoldback(false, 0.4, 1),
                    new UsageLimit.SoftReflective());

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void everyRequestIsCountedOnceAndNobodyIsBrokenOffInVain(long seed) {
        var random = new SplittableRandom(seed);
        var pool = new FlowTesting(6, FlowTesting.evicting(LIMITS.get((int) seed % 3)));
        List<Request> all = new ArrayList<>();
        List<Request> toEnd = new ArrayList<>();
        pool.whenEvicted =
                victim -> {
                    assertThat(victim.priority()).as("seed %d", seed).isNegative();
                    assertThat(highestWaiting(all))
                            .as("seed %d", seed)
                            .isGreaterThan(victim.priority());
                    if (random.nextInt(4) == 0) {
                        victim.finish();
                    } else {
                        toEnd.add(victim);
                    }
                };

        for (int step = 0; step < 2_000; step++) {
            step(pool, all, toEnd, random);
            assertConserved(pool, seed, step);
        }
        assertThat(pool.evicted).as("seed %d", seed).isNotEmpty();
        endAll(pool, all);

        assertThat(pool.control.running()).as("seed %d", seed).isZero();
        assertThat(pool.running).as("seed %d", seed).isZero();
        assertThat(all).as("seed %d", seed).allSatisfy(r -> assertThat(r.ends).isOne());
        Evictions evictions = evictions(pool);
        assertThat(evictions.confirmed() + evictions.timedOut())
                .as("seed %d: each one that was told has ended, or was given up", seed)
                .isEqualTo(pool.evicted.size());
        assertThat(pool.confirmations).hasSize((int) evictions.confirmed());
    }

    private static void step(
            FlowTesting pool, List<Request> all, List<Request> toEnd, SplittableRandom random) {
        switch (random.nextInt(16)) {
            case 0 -> pool.advance(Duration.ofMillis(random.nextInt(4_000)));
            case 1, 2 -> pool.advance(Duration.ofMillis(random.nextInt(20)));
            case 3 -> {
                pool.capacity = random.nextInt(1, 10);
                pool.control.eased();
            }
            case 4, 5, 6 -> {
                if (!toEnd.isEmpty()) {
                    finish(toEnd.remove(random.nextInt(toEnd.size())));
                }
            }
            case 7, 8 -> {
                List<Request> running = pool.dispatched.stream().filter(r -> r.running).toList();
                if (!running.isEmpty()) {
                    running.get(random.nextInt(running.size())).finish();
                }
            }
            case 9 -> {
                if (!all.isEmpty()) {
                    all.get(random.nextInt(all.size())).cancel();
                }
            }
            default -> {
                Request made =
                        pool
                        .new Request(
                                random.nextInt(-3, 3),
                                "flow-" + random.nextInt(4),
                                1,
                                Long.MAX_VALUE);
                all.add(made);
                pool.control.enter(made);
                made.whenOver(made::ended);
            }
        }
    }

    private static void finish(Request request) {
        if (request.running) {
            request.finish();
        }
    }

    private static int highestWaiting(List<Request> all) {
        return all.stream()
                .filter(Waiting::isWaiting)
                .mapToInt(Waiting::priority)
                .max()
                .orElse(Integer.MIN_VALUE);
    }

    private static void assertConserved(FlowTesting pool, long seed, int step) {
        assertThat(pool.control.running())
                .as("seed %d step %d: who runs is counted once", seed, step)
                .isEqualTo(pool.running);
        assertThat(new HashSet<>(pool.evicted))
                .as("seed %d step %d: nobody is told twice", seed, step)
                .hasSize(pool.evicted.size());
        Evictions evictions = evictions(pool);
        long outstanding = pool.evicted.size() - evictions.confirmed() - evictions.timedOut();
        assertThat(outstanding)
                .as("seed %d step %d: few are told at a time", seed, step)
                .isBetween(0L, (long) MOST_AT_ONCE);
        assertThat(
                        pool.control.snapshot(0).bands().stream()
                                .mapToLong(FlowSnapshot.OfBand::evictions)
                                .sum())
                .as("seed %d step %d", seed, step)
                .isLessThanOrEqualTo(pool.evicted.size());
    }

    private static void endAll(FlowTesting pool, List<Request> all) {
        pool.capacity = Integer.MAX_VALUE;
        pool.control.eased();
        List.copyOf(all).forEach(EvictionInvariantsTest::finish);
        // Bands that a limit keeps shut open when nothing runs, one after the other.
        for (int i = 0; i < all.size() && pool.control.hasWaiting(); i++) {
            pool.advance(FlowTesting.TTL);
            List.copyOf(all).forEach(EvictionInvariantsTest::finish);
        }
    }

    private static Evictions evictions(FlowTesting pool) {
        return Objects.requireNonNull(pool.control.snapshot(0).evictions());
    }

    @Test
    void threadsNeitherLoseNorDoubleWhatRuns() throws InterruptedException {
        // Given
        int threads = 4;
        int perThread = 3_000;
        int capacity = 3;
        var running = new AtomicInteger();
        var ended = new AtomicInteger();
        var told = new AtomicInteger();
        Gate gate = new CountedGate(running, capacity);
        var control = new FlowControl(gate, Alarm.NONE, System::nanoTime, FlowObserver.NONE);
        control.configure(FlowTesting.evicting(new UsageLimit.Fixed(1)));
        var turns = new ConcurrentLinkedQueue<Task>();
        var broken = new ConcurrentLinkedQueue<Task>();
        Consumer<Task> begin =
                task -> {
                    running.incrementAndGet();
                    task.lease = control.begin(task.priority());
                    control.placed(task);
                    task.lease.whenRevoked(() -> {
                        told.incrementAndGet();
                        broken.add(task);
                    });
                };
        // The pool is full of requests that end late, so that others have to break some off.
        var late = new ConcurrentLinkedQueue<Task>();
        for (int i = 0; i < capacity; i++) {
            var task = new Task(-1);
            control.enter(task);
            assertThat(control.claim(task)).isTrue();
            begin.accept(task);
            late.add(task);
        }
        int all = threads * perThread + capacity;

        // When
        List<Thread> workers = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
            var random = new SplittableRandom(t);
            Runnable work =
                    () -> {
                        var own = new ArrayList<Task>();
                        for (int i = 0; i < perThread || ended.get() < all; i++) {
                            if (i < perThread) {
                                boolean better = random.nextInt(8) == 0;
                                var task = new Task(better ? 1 : random.nextInt(-2, 0));
                                control.enter(task);
                                task.whenOver(() -> turns.add(task));
                            }
                            Task next = turns.poll();
                            if (next != null && !control.claim(next)) {
                                ended.incrementAndGet();
                            } else if (next != null) {
                                begin.accept(next);
                                own.add(next);
                            }
                            end(broken.poll(), running, ended, control);
                            boolean done = !own.isEmpty() && random.nextInt(3) == 0;
                            end(done ? own.removeLast() : null, running, ended, control);
                            if (i >= perThread) {
                                end(late.poll(), running, ended, control);
                                end(
                                        own.isEmpty() ? null : own.removeLast(),
                                        running,
                                        ended,
                                        control);
                                LockSupport.parkNanos(1_000);
                            }
                        }
                    };
            workers.add(Thread.ofPlatform().start(work));
        }
        for (Thread worker : workers) {
            worker.join(Duration.ofSeconds(30));
            assertThat(worker.isAlive())
                    .as("somebody waits for a wake-up: %d ended", ended.get())
                    .isFalse();
        }

        // Then
        assertThat(control.running()).isZero();
        assertThat(running.get()).isZero();
        assertThat(control.hasWaiting()).isFalse();
        Evictions evictions = Objects.requireNonNull(control.snapshot(0).evictions());
        assertThat(evictions.confirmed()).isEqualTo(told.get());
        assertThat(told.get()).isPositive();
    }

    /** Ends a request, unless another thread has. */
    private static void end(
            @Nullable Task task, AtomicInteger running, AtomicInteger ended, FlowControl control) {
        if (task != null && task.ends.getAndIncrement() == 0) {
            running.decrementAndGet();
            task.lease.end();
            control.eased();
            ended.incrementAndGet();
        }
    }

    private static final class Task extends Waiting {

        final AtomicInteger ends = new AtomicInteger();
        volatile Lease lease = NoLease.NO_LEASE;

        Task(int priority) {
            super(priority, "f", 10, 1, Long.MAX_VALUE);
        }

        @Override
        public String model() {
            return "llama";
        }
    }
}
