package io.weir.picker.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weir.picker.Endpoint;
import io.weir.picker.PickRequest;
import io.weir.picker.PickResult.Decided;
import io.weir.picker.PickResult.Picked;
import io.weir.picker.PickResult.Queued;
import io.weir.picker.PickResult.Refused;
import io.weir.picker.PickerSettings;
import io.weir.picker.PoolPicker;
import io.weir.picker.Reservation;
import io.weir.picker.Reservation.End;
import io.weir.picker.Ticket;
import io.weir.picker.builtin.BuiltInPlugins;
import io.weir.picker.flow.SystemAlarm;
import io.weir.picker.state.Adapters;
import io.weir.picker.state.EndpointState;
import io.weir.picker.state.InFlight;
import io.weir.picker.state.Scraped;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;

/**
 * Endpoints come and go while requests are picked, moved on, cancelled and ended by several
 * threads. {@code -Dweir.soak=3600} makes it last an hour.
 */
class FlappingSoakTest {

    private static final Duration LENGTH =
            Duration.ofMillis(
                    (long) (Double.parseDouble(System.getProperty("weir.soak", "2")) * 1000));
    private static final int THREADS = 3;
    private static final int MOST_OPEN = 200;
    private static final String QUEUES =
            """
            apiVersion: llm-d.ai/v1alpha1
            kind: EndpointPickerConfig
            featureGates: [flowControl]
            plugins:
            - type: concurrency-detector
              parameters: {maxConcurrency: 20}
            - type: prefix-cache-scorer
            - type: active-request-scorer
            - type: round-robin-fairness-policy
            flowControl:
              saturationDetector: {pluginRef: concurrency-detector}
              defaultRequestTTL: 300ms
              defaultPriorityBand: {fairnessPolicyRef: round-robin-fairness-policy}
            """;

    private final Set<EndpointState> seen = ConcurrentHashMap.newKeySet();
    private final SystemAlarm alarm = new SystemAlarm();
    private final AtomicLong seeds = new AtomicLong(11);
    private final PickerRegistry registry =
            new PickerRegistry(
                    List.of(new BuiltInPlugins()),
                    new EndpointWatch() {
                        @Override
                        public void begin(EndpointState endpoint) {
                            seen.add(endpoint);
                        }

                        @Override
                        public void end(EndpointState endpoint) {}
                    },
                    System::nanoTime,
                    seeds::incrementAndGet,
                    alarm);
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final AtomicLong picks = new AtomicLong();
    private final Set<Ticket> waiting = ConcurrentHashMap.newKeySet();
    private volatile boolean over;

    @AfterEach
    void close() {
        alarm.close();
    }

    @Test
    void nothingLeaksAndNobodyIsStuckWhileEndpointsFlapByLoad() throws InterruptedException {
        soak(PickerSettings.DEFAULT);
    }

    @Test
    void nothingLeaksAndNobodyIsStuckWhileEndpointsFlapInFrontOfAQueue()
            throws InterruptedException {
        soak(new PickerSettings(QUEUES, "test"));
    }

    private void soak(PickerSettings settings) throws InterruptedException {
        // Given
        long seed = System.nanoTime();
        RandomGenerator random = new SplittableRandom(seed);
        flap(random, settings);
        PoolPicker picker = registry.forPool(PoolTesting.POOL);
        List<Thread> clients = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            RandomGenerator own = new SplittableRandom(seed + i + 1);
            clients.add(Thread.ofPlatform().start(() -> run(picker, own)));
        }

        // When
        long end = System.nanoTime() + LENGTH.toNanos();
        while (System.nanoTime() < end && failure.get() == null) {
            flap(random, settings);
            checkCounters();
            Thread.sleep(random.nextInt(20));
        }
        over = true;
        for (Thread client : clients) {
            client.join(Duration.ofSeconds(30));
        }

        // Then
        String seedText = "seed " + seed;
        assertThat(failure.get()).as(seedText).isNull();
        await().untilAsserted(() -> assertThat(waiting).as(seedText).isEmpty());
        assertThat(picks).as(seedText).hasValueGreaterThan(100);
        assertThat(seen)
                .as(seedText)
                .allSatisfy(state -> {
                    assertThat(state.inFlight().requests()).isZero();
                    assertThat(state.inFlight().tokens()).isZero();
                    assertThat(state.prefixes().bytes()).isLessThanOrEqualTo(64L << 20);
                });
    }

    /** Replaces the pool by some of twelve endpoints, now and then by none. */
    private void flap(RandomGenerator random, PickerSettings settings) {
        List<Endpoint> endpoints = new ArrayList<>();
        int percent = random.nextInt(12) == 0 ? 0 : 70;
        for (int i = 0; i < 12; i++) {
            if (random.nextInt(100) < percent) {
                endpoints.add(PoolTesting.endpoint(i));
            }
        }
        assertThat(registry.apply(Map.of(PoolTesting.POOL, new PoolSpec(endpoints, settings))))
                .isEmpty();
        for (EndpointState state : seen) {
            InFlight load = state.inFlight();
            int requests = load.requests();
            int running = random.nextInt(requests + 2);
            state.scraped(
                    new Scraped(
                            System.nanoTime(),
                            Math.max(0, requests - running),
                            running,
                            random.nextDouble(),
                            16,
                            5000,
                            Adapters.NONE,
                            requests,
                            load.tokens()));
            state.health().reachable(random.nextInt(10) > 0);
        }
    }

    private void checkCounters() {
        for (EndpointState state : seen) {
            assertThat(state.inFlight().requests()).isNotNegative();
            assertThat(state.inFlight().tokens()).isNotNegative();
        }
    }

    private void run(PoolPicker picker, RandomGenerator random) {
        ArrayDeque<Reservation> open = new ArrayDeque<>();
        List<Ticket> tickets = Collections.synchronizedList(new ArrayList<>());
        try {
            while (!over) {
                switch (picker.pick(request(random))) {
                    case Decided decided -> take(decided, open);
                    case Queued(Ticket ticket) -> queue(ticket, tickets, random);
                }
                collect(tickets, open);
                if (open.size() > random.nextInt(MOST_OPEN)) {
                    end(open.removeFirst(), random);
                }
            }
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> {
                        collect(tickets, open);
                        return waiting.isEmpty() && tickets.isEmpty();
                    });
        } catch (Throwable e) {
            failure.compareAndSet(null, e);
        } finally {
            open.forEach(reservation -> end(reservation, random));
        }
    }

    private void queue(Ticket ticket, List<Ticket> tickets, RandomGenerator random) {
        waiting.add(ticket);
        ticket.whenOver(() -> tickets.add(ticket));
        if (random.nextInt(5) == 0) {
            ticket.cancel();
            waiting.remove(ticket);
        }
    }

    private void collect(List<Ticket> tickets, ArrayDeque<Reservation> open) {
        while (!tickets.isEmpty()) {
            Ticket ticket = tickets.removeFirst();
            if (waiting.remove(ticket)) {
                take(ticket.take(), open);
            }
        }
    }

    private void take(Decided decided, ArrayDeque<Reservation> open) {
        picks.incrementAndGet();
        switch (decided) {
            case Picked(Reservation reservation) -> open.addLast(reservation);
            case Refused refused -> assertThat(refused.message()).isNotEmpty();
        }
    }

    private static void end(Reservation reservation, RandomGenerator random) {
        switch (random.nextInt(5)) {
            case 0 -> reservation.release(End.CANCELLED, -1);
            case 1 -> {
                Endpoint next = reservation.next();
                reservation.release(next == null ? End.FAILED : End.COMPLETED, 3);
            }
            case 2 -> {
                reservation.firstByte();
                reservation.release(End.COMPLETED, 50);
                reservation.release(End.COMPLETED, 50);
            }
            case 3 -> {
                reservation.release(End.FAILED, -1);
                reservation.firstByte();
            }
            default -> {
                reservation.firstByte();
                reservation.release(End.COMPLETED, -1);
            }
        }
    }

    private static PickRequest request(RandomGenerator random) {
        byte[] prompt = new byte[1 + random.nextInt(4000)];
        prompt[0] = (byte) random.nextInt(20);
        return new PickRequest(
                "llama",
                false,
                List.of(ByteBuffer.wrap(prompt)),
                prompt.length / 4,
                -1,
                0,
                "client-" + random.nextInt(4),
                null);
    }
}
