package io.weir.picker.pool;

import static io.weir.picker.pool.PoolTesting.endpoint;
import static io.weir.picker.pool.PoolTesting.picked;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.picker.Endpoint;
import io.weir.picker.PickRequest;
import io.weir.picker.PickResult;
import io.weir.picker.PickResult.Picked;
import io.weir.picker.PickerSettings;
import io.weir.picker.PoolPicker;
import io.weir.picker.RequestDetails;
import io.weir.picker.RequestHeaders;
import io.weir.picker.Reservation;
import io.weir.picker.Reservation.End;
import io.weir.picker.state.EndpointState;
import io.weir.picker.state.InFlight;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

class InFlightInvariantTest {

    private static final byte[] PROMPT = new byte[4000];
    private static final List<End> ENDS = List.of(End.values());

    private static final String BY_FIRST_TOKEN =
            """
            apiVersion: llm-d.ai/v1alpha1
            kind: EndpointPickerConfig
            plugins:
            - type: prefix-cache-affinity-filter
              parameters: {ttftSource: latencyPredictor, affinityThreshold: 0.01}
            - type: random-picker
            schedulingProfiles:
            - name: default
              plugins:
              - pluginRef: prefix-cache-affinity-filter
              - pluginRef: random-picker
            """;

    private final PoolTesting testing = new PoolTesting();
    private final Map<EndpointState, Boolean> everSeen = new ConcurrentHashMap<>();

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void theCountsAreThoseOfTheOpenReservationsWhateverHappens(long seed) {
        // Given
        SplittableRandom random = new SplittableRandom(seed);
        PoolPicker picker = testing.pool(6);
        List<Reservation> open = new ArrayList<>();

        for (int step = 0; step < 3000; step++) {
            // When
            operate(picker, open, random);
            remember();

            // Then
            int requests = 0;
            for (EndpointState state : everSeen.keySet()) {
                assertNotNegative(state.inFlight());
                requests += state.inFlight().requests();
            }
            assertThat(requests).as("seed %d, step %d", seed, step).isEqualTo(open.size());
        }

        // When
        open.forEach(reservation -> reservation.release(End.COMPLETED, 1));

        // Then
        assertNothingInFlight();
    }

    @Test
    void nothingIsLeftInFlightAfterManyThreadsAreDone() throws InterruptedException {
        // Given
        PoolPicker picker = testing.pool(6);
        AtomicBoolean done = new AtomicBoolean();
        Thread flapping = Thread.ofPlatform().start(() -> flap(picker, done));

        // When
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 6; t++) {
            SplittableRandom random = new SplittableRandom(t);
            threads.add(Thread.ofPlatform().start(() -> work(picker, random)));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        done.set(true);
        flapping.join();

        // Then
        assertNothingInFlight();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void noPromptIsTakenForUnansweredThatIsNotWhateverHappens(long seed) {
        // Given
        SplittableRandom random = new SplittableRandom(seed);
        PoolPicker picker = testing.pool(6, BY_FIRST_TOKEN);
        learn(picker, random);
        List<Reservation> open = new ArrayList<>();
        int most = 0;

        // When
        for (int step = 0; step < 3000; step++) {
            operate(picker, open, random);
            most = Math.max(most, unanswered());
        }
        assertThat(most).as("seed %d", seed).isPositive();
        open.forEach(reservation -> reservation.release(End.FAILED, 1));

        // Then
        assertNothingInFlight();
    }

    private int unanswered() {
        remember();
        return everSeen.keySet().stream().mapToInt(state -> state.pace().work().unanswered()).sum();
    }

    /** Until latencies are known, nobody asks for them. */
    private void learn(PoolPicker picker, SplittableRandom random) {
        for (int i = 0; i < 500; i++) {
            Reservation reservation = picked(picker.pick(stream(random)));
            testing.nanos.addAndGet(40_000_000);
            reservation.firstByte();
            testing.nanos.addAndGet(400_000_000);
            reservation.release(End.COMPLETED, 50);
        }
    }

    private void work(PoolPicker picker, SplittableRandom random) {
        List<Reservation> open = new ArrayList<>();
        for (int i = 0; i < 3000; i++) {
            int choice = random.nextInt(4);
            if (choice == 0 || open.isEmpty()) {
                open.add(picked(picker.pick(stream(random))));
            } else {
                settleSome(open, random, choice);
            }
        }
        open.forEach(reservation -> reservation.release(End.CANCELLED, -1));
    }

    private void flap(PoolPicker picker, AtomicBoolean done) {
        SplittableRandom random = new SplittableRandom(99);
        while (!done.get()) {
            update(picker, random);
            remember();
            Thread.onSpinWait();
        }
    }

    private void operate(PoolPicker picker, List<Reservation> open, SplittableRandom random) {
        int choice = random.nextInt(10);
        if (choice == 0) {
            update(picker, random);
        } else if (choice < 5 || open.isEmpty()) {
            PickResult result = picker.pick(stream(random));
            if (result instanceof Picked(Reservation reservation)) {
                open.add(reservation);
            }
        } else {
            settleSome(open, random, choice);
        }
    }

    /** Only streams are measured. */
    private static PickRequest stream(SplittableRandom random) {
        return PickRequest.forModel("llama")
                .prompt(List.of(ByteBuffer.wrap(PROMPT)), random.nextInt(5000))
                .details(new RequestDetails("", 0, 0, true, RequestHeaders.NONE, List.of()))
                .build();
    }

    private static void settleSome(List<Reservation> open, SplittableRandom random, int choice) {
        int index = random.nextInt(open.size());
        Reservation reservation = open.get(index);
        switch (choice % 3) {
            case 0 -> reservation.firstByte();
            case 1 -> reservation.next();
            default -> {
                End end = ENDS.get(random.nextInt(ENDS.size()));
                reservation.release(end, random.nextInt(-1, 100));
                reservation.release(end, 5);
                reservation.firstByte();
                assertThat(reservation.next()).isNull();
                open.remove(index);
            }
        }
    }

    private static void update(PoolPicker picker, SplittableRandom random) {
        List<Endpoint> endpoints = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            if (random.nextBoolean() || i == 0) {
                endpoints.add(endpoint(i));
            }
        }
        picker.update(endpoints, PickerSettings.DEFAULT);
    }

    private void remember() {
        List.copyOf(testing.watched).forEach(state -> everSeen.put(state, true));
    }

    private void assertNothingInFlight() {
        remember();
        for (EndpointState state : everSeen.keySet()) {
            assertThat(state.inFlight().requests()).isZero();
            assertThat(state.inFlight().tokens()).isZero();
            assertThat(state.inFlight().prefillTokens()).isZero();
            assertThat(state.pace().work().unanswered()).isZero();
        }
    }

    private static void assertNotNegative(InFlight load) {
        assertThat(load.requests()).isNotNegative();
        assertThat(load.prefillTokens()).isNotNegative();
        assertThat(load.decodeTokens()).isNotNegative();
    }
}
