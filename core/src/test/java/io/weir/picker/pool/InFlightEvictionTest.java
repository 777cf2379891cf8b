package io.weir.picker.pool;

import static io.weir.picker.pool.PoolTesting.picked;
import static io.weir.picker.pool.QueueTesting.request;
import static io.weir.picker.pool.QueueTesting.ticket;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.picker.PickResult;
import io.weir.picker.PickResult.Queued;
import io.weir.picker.PickResult.Reason;
import io.weir.picker.PickResult.Refused;
import io.weir.picker.PoolPicker;
import io.weir.picker.Reservation;
import io.weir.picker.Reservation.End;
import io.weir.picker.Ticket;
import io.weir.picker.state.Adapters;
import io.weir.picker.state.EndpointState;
import io.weir.picker.state.Scraped;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Reservations that are to be given up for more important requests, in virtual time. */
class InFlightEvictionTest {

    private static final String ONE_EACH =
            """
            apiVersion: llm-d.ai/v1alpha1
            kind: EndpointPickerConfig
            featureGates: [flowControl]
            plugins:
            - type: concurrency-detector
              parameters: {maxConcurrency: 1}
            flowControl:
              enableEviction: true
              saturationDetector: {pluginRef: concurrency-detector}
            """;
    private static final String BY_QUEUES =
            """
            apiVersion: llm-d.ai/v1alpha1
            kind: EndpointPickerConfig
            featureGates: [flowControl]
            flowControl: {enableEviction: true}
            """;

    private final QueueTesting testing = new QueueTesting();

    /** A reservation, and whether it is to be given up. */
    private static final class Held {

        final Reservation reservation;
        final List<Refused> told = new ArrayList<>();

        Held(Reservation reservation) {
            this.reservation = reservation;
            reservation.whenEvicted(told::add);
        }
    }

    @Test
    void whoIsBrokenOffIsToldWithTheStatusAndTheReasonForTheClient() {
        // Given
        PoolPicker picker = testing.pool(1, ONE_EACH);
        Held sheddable = held(picker, -1);

        // When
        Ticket important = ticket(picker.pick(request(0)));

        // Then
        assertThat(sheddable.told)
                .containsExactly(new Refused(Reason.EVICTED, "request evicted by flow control", 1));
        assertThat(Reason.EVICTED.status()).isEqualTo(429);
        assertThat(Reason.EVICTED.dropReason()).isEqualTo("evicted");

        // When
        sheddable.reservation.release(End.CANCELLED, -1);

        // Then
        picked(important.take());
        assertThat(inFlight(picker)).isOne();
        assertThat(picker.endpoints()).allMatch(endpoint -> endpoint.healthy());
    }

    @Test
    void theReservationOfARequestThatWaitedCanBeTakenToo() {
        PoolPicker picker = testing.pool(1, ONE_EACH);
        Held first = held(picker, -1);
        Ticket second = ticket(picker.pick(request(-1)));
        first.reservation.release(End.COMPLETED, 5);
        Held waited = new Held(picked(second.take()));

        ticket(picker.pick(request(2)));

        assertThat(waited.told).hasSize(1);
    }

    @Test
    void nobodyIsToldWithoutTheFlag() {
        PoolPicker picker =
                testing.pool(1, ONE_EACH.replace("enableEviction: true", "maxRequests: 9"));
        Held sheddable = held(picker, -1);

        ticket(picker.pick(request(2)));

        assertThat(sheddable.told).isEmpty();
    }

    @Test
    void scrapedSaturationIsGivenTimeToShowWhatHasEnded() {
        // Given
        PoolPicker picker = testing.pool(1, BY_QUEUES);
        EndpointState server = testing.watched.getFirst();
        server.scraped(scraped(0));
        List<Held> running = List.of(held(picker, -1), held(picker, -1), held(picker, -1));
        server.scraped(scraped(20));

        // When
        ticket(picker.pick(request(0)));
        List<Held> first = running.stream().filter(held -> !held.told.isEmpty()).toList();
        assertThat(first).hasSize(2);
        first.forEach(held -> held.reservation.release(End.CANCELLED, -1));

        // Then
        testing.advance(Duration.ofMillis(2200));
        assertThat(running.getFirst().told).isEmpty();
        testing.advance(Duration.ofMillis(200));
        assertThat(running.getFirst().told).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13, 14})
    void nothingIsLeftInFlightWhateverIsBrokenOff(long seed) {
        // Given
        var random = new SplittableRandom(seed);
        PoolPicker picker = testing.pool(3, ONE_EACH);
        List<Held> running = new ArrayList<>();
        List<Ticket> waiting = new ArrayList<>();
        int evicted = 0;

        // When
        for (int i = 0; i < 2_000; i++) {
            int priority = random.nextInt(6) == 0 ? 1 : random.nextInt(-2, 0);
            switch (picker.pick(request(priority))) {
                case PickResult.Picked(Reservation reservation) ->
                        running.add(new Held(reservation));
                case Refused _ -> {}
                case Queued(Ticket ticket) -> waiting.add(ticket);
            }
            evicted += giveUp(running, random);
            if (random.nextInt(3) == 0 && !running.isEmpty()) {
                running.remove(random.nextInt(running.size()))
                        .reservation
                        .release(End.COMPLETED, 5);
            }
            if (random.nextInt(30) == 0) {
                testing.advance(Duration.ofMillis(random.nextInt(20_000)));
            }
            takeTurns(waiting, running);
            assertThat(inFlight(picker)).as("seed %d step %d", seed, i).isEqualTo(running.size());
            assertThat(running).as("seed %d step %d", seed, i).hasSizeLessThanOrEqualTo(3);
        }
        while (!running.isEmpty() || !waiting.isEmpty()) {
            assertThat(running).as("seed %d: who waits, waits for somebody", seed).isNotEmpty();
            running.removeFirst().reservation.release(End.COMPLETED, 5);
            takeTurns(waiting, running);
        }

        // Then
        assertThat(inFlight(picker)).as("seed %d", seed).isZero();
        assertThat(testing.watched)
                .as("seed %d", seed)
                .allMatch(endpoint -> endpoint.inFlight().tokens() == 0);
        assertThat(evicted).as("seed %d", seed).isPositive();
    }

    /** Gives up some of those that are to be given up; returns how many. */
    private static int giveUp(List<Held> running, SplittableRandom random) {
        int count = 0;
        for (Held held : List.copyOf(running)) {
            assertThat(held.told).hasSizeLessThanOrEqualTo(1);
            if (!held.told.isEmpty() && random.nextBoolean()) {
                running.remove(held);
                if (random.nextBoolean()) {
                    held.reservation.firstByte();
                }
                held.reservation.release(End.CANCELLED, -1);
                count++;
            }
        }
        return count;
    }

    private static void takeTurns(List<Ticket> waiting, List<Held> running) {
        for (Ticket ticket : List.copyOf(waiting)) {
            if (ticket instanceof QueueTicket place && (place.hasTurn() || refused(place))) {
                waiting.remove(ticket);
                if (ticket.take() instanceof PickResult.Picked(Reservation reservation)) {
                    running.add(new Held(reservation));
                }
            }
        }
    }

    private static boolean refused(QueueTicket place) {
        return place.refusal() != null;
    }

    private Held held(PoolPicker picker, int priority) {
        return new Held(picked(picker.pick(request(priority))));
    }

    private static int inFlight(PoolPicker picker) {
        return picker.endpoints().stream().mapToInt(e -> e.inFlightRequests()).sum();
    }

    private static Scraped scraped(int waiting) {
        return new Scraped(0, waiting, 3, 0.2, 0, 0, Adapters.NONE, 0, 0);
    }
}
