package io.weir.picker.pool;

import static io.weir.picker.pool.PoolTesting.POOL;
import static io.weir.picker.pool.PoolTesting.endpoint;
import static io.weir.picker.pool.PoolTesting.endpoints;
import static io.weir.picker.pool.PoolTesting.picked;
import static io.weir.picker.pool.QueueTesting.request;
import static io.weir.picker.pool.QueueTesting.ticket;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.picker.Endpoint;
import io.weir.picker.PickRequest;
import io.weir.picker.PickResult;
import io.weir.picker.PickResult.Queued;
import io.weir.picker.PickResult.Reason;
import io.weir.picker.PickResult.Refused;
import io.weir.picker.PickerSettings;
import io.weir.picker.PoolPicker;
import io.weir.picker.Reservation;
import io.weir.picker.Ticket;
import io.weir.picker.flow.Outcome;
import io.weir.picker.state.Adapters;
import io.weir.picker.state.EndpointState;
import io.weir.picker.state.Scraped;
import io.weir.picker.state.ServedModels;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;

/** Requests that wait in front of a pool, in virtual time. */
class QueueTest {

    private static final String ONE_EACH =
            """
            apiVersion: llm-d.ai/v1alpha1
            kind: EndpointPickerConfig
            featureGates: [flowControl]
            plugins:
            - type: concurrency-detector
              parameters: {maxConcurrency: 1}
            flowControl:
              defaultRequestTTL: 10s
              noEndpointRequestTTL: 3s
              saturationDetector: {pluginRef: concurrency-detector}
              priorityBands:
              - {priority: 0, maxRequests: 100}
            """;

    private final QueueTesting testing = new QueueTesting();

    @Test
    void waitsUntilAnAnswerIsDone() {
        PoolPicker picker = testing.pool(2, ONE_EACH);
        Reservation first = picked(picker.pick(request(0)));
        picked(picker.pick(request(0)));
        Held third = queued(picker.pick(request(0)));

        assertThat(third.told).isFalse();
        first.release(Reservation.End.COMPLETED, 10);

        assertThat(third.told).isTrue();
        picked(third.ticket.take());
        int inFlight = picker.endpoints().stream().mapToInt(e -> e.inFlightRequests()).sum();
        assertThat(inFlight).isEqualTo(2);
    }

    @Test
    void turnCountsAsLoadUntilItIsTaken() {
        PoolPicker picker = testing.pool(1, ONE_EACH);
        Reservation first = picked(picker.pick(request(0)));
        Held second = queued(picker.pick(request(0)));
        Held third = queued(picker.pick(request(0)));

        first.release(Reservation.End.COMPLETED, 10);

        assertThat(second.told).isTrue();
        assertThat(third.told).isFalse();
        second.ticket.cancel();
        assertThat(third.told).isTrue();
    }

    @Test
    void whoIsMoreImportantGoesFirst() {
        PoolPicker picker = testing.pool(1, ONE_EACH);
        Reservation first = picked(picker.pick(request(0)));
        Held sheddable = queued(picker.pick(request(-1)));
        Held important = queued(picker.pick(request(10)));

        first.release(Reservation.End.COMPLETED, 10);

        assertThat(important.told).isTrue();
        assertThat(sheddable.told).isFalse();
    }

    @Test
    void isRefusedWhenTheWaitIsTooLong() {
        PoolPicker picker = testing.pool(1, ONE_EACH);
        picked(picker.pick(request(0)));
        Held second = queued(picker.pick(request(0)));

        testing.advance(Duration.ofSeconds(10));

        Refused refused = (Refused) second.ticket.take();
        assertThat(second.told).isTrue();
        assertThat(refused.reason()).isEqualTo(Reason.EXPIRED);
        assertThat(refused.reason().status()).isEqualTo(429);
        assertThat(refused.reason().dropReason()).isEqualTo("rejected-ttl-expired");
    }

    @Test
    void isRefusedAtOnceWhenTheBandIsFull() {
        PoolPicker picker = testing.pool(1, ONE_EACH);
        picked(picker.pick(request(0)));
        for (int i = 0; i < 100; i++) {
            queued(picker.pick(request(0)));
        }
        testing.advance(Duration.ofSeconds(7));

        Refused refused = (Refused) picker.pick(request(0));

        assertThat(refused.reason()).isEqualTo(Reason.QUEUE_FULL);
        assertThat(refused.reason().dropReason()).isEqualTo("rejected-saturated");
        assertThat(refused.retryAfterSeconds()).isEqualTo(7);
    }

    @Test
    void waitsForThePoolToGetEndpoints() {
        PoolPicker picker = testing.pool(0, ONE_EACH);
        Held first = queued(picker.pick(request(0)));
        Held second = queued(picker.pick(request(0)));

        picker.update(endpoints(1), new PickerSettings(ONE_EACH, "test"));

        assertThat(first.told).isTrue();
        picked(first.ticket.take());
        testing.advance(Duration.ofSeconds(4));
        assertThat(second.told).isFalse();
    }

    @Test
    void isToldThatThereAreNoEndpointsWhenNoneComes() {
        PoolPicker picker = testing.pool(0, ONE_EACH);
        Held first = queued(picker.pick(request(0)));

        testing.advance(Duration.ofSeconds(3));

        assertThat(((Refused) first.ticket.take()).reason()).isEqualTo(Reason.NO_ENDPOINTS);
    }

    @Test
    void doesNotWaitForAModelThatNobodyServes() {
        PoolPicker picker = testing.pool(1, ONE_EACH);
        testing.watched
                .getFirst()
                .models(
                        ServedModels.of(
                                List.of(
                                        new io.weir.picker.EndpointSnapshot.ServedModel(
                                                "llama", ""))));
        picked(picker.pick(request(0)));

        PickResult result = picker.pick(PickRequest.forModel("other").build());

        assertThat(((Refused) result).reason()).isEqualTo(Reason.MODEL_NOT_SERVED);
    }

    @Test
    void goesOnWhenAScrapeShowsRoom() {
        PoolPicker picker =
                testing.pool(
                        1,
                        """
                        apiVersion: llm-d.ai/v1alpha1
                        kind: EndpointPickerConfig
                        featureGates: [flowControl]
                        """);
        EndpointState state = testing.watched.getFirst();
        state.scraped(scraped(9, 20));
        Held first = queued(picker.pick(request(0)));

        state.scraped(scraped(0, 20));

        assertThat(first.told).isTrue();
    }

    @Test
    void saturationIsThatOfTheFullerRole() {
        PoolPicker picker = testing.registry.forPool(POOL);
        List<Endpoint> endpoints =
                List.of(
                        role(0, "prefill"),
                        role(1, "decode"),
                        role(2, "decode"),
                        role(3, "encode"));
        picker.update(endpoints, new PickerSettings(ONE_EACH, "test"));
        testing.watched.get(0).inFlight().addRequest();

        queued(picker.pick(request(0)));

        assertThat(saturation()).isEqualTo(1);
        testing.watched.get(0).inFlight().removeRequest();
        testing.watched.get(1).inFlight().addRequest();
        assertThat(saturation()).isEqualTo(0.5);
    }

    @Test
    void allAreRefusedWhenThePoolGoes() {
        PoolPicker picker = testing.pool(1, ONE_EACH);
        picked(picker.pick(request(0)));
        Held second = queued(picker.pick(request(0)));

        testing.registry.close();

        assertThat(((Refused) second.ticket.take()).reason()).isEqualTo(Reason.SHUTTING_DOWN);
    }

    @Test
    void withoutTheGateNobodyWaits() {
        PoolPicker picker = testing.pool(1, ONE_EACH.replace("[flowControl]", "[]"));
        for (int i = 0; i < 5; i++) {
            picked(picker.pick(request(0)));
        }
        assertThat(((Refused) picker.pick(request(-1))).reason()).isEqualTo(Reason.SHED);
    }

    @Test
    void everyRequestOfARandomRunEndsOnce() {
        long seed = System.nanoTime();
        var random = new SplittableRandom(seed);
        PoolPicker picker = testing.pool(3, ONE_EACH);
        List<Outcome> left = new ArrayList<>();
        testing.registry.observeFlows((_, _, outcome, _) -> left.add(outcome));
        List<Reservation> running = new ArrayList<>();
        List<Held> waiting = new ArrayList<>();
        int asked = 3_000;
        int ended = 0;
        for (int i = 0; i < asked; i++) {
            switch (picker.pick(request(random.nextInt(-1, 2)))) {
                case PickResult.Picked(Reservation reservation) -> running.add(reservation);
                case PickResult.Refused _ -> ended++;
                case Queued queued -> waiting.add(queued(queued));
            }
            if (random.nextInt(3) > 0 && !running.isEmpty()) {
                running.remove(random.nextInt(running.size()))
                        .release(Reservation.End.COMPLETED, 5);
                ended++;
            }
            if (random.nextInt(20) == 0 && !waiting.isEmpty()) {
                waiting.remove(random.nextInt(waiting.size())).ticket.cancel();
                ended++;
            }
            if (random.nextInt(50) == 0) {
                testing.advance(Duration.ofMillis(random.nextInt(3000)));
            }
            ended += settle(waiting, running);
            assertThat(running).as("seed %d", seed).hasSizeLessThanOrEqualTo(3);
        }
        while (!running.isEmpty() || !waiting.isEmpty()) {
            if (running.isEmpty()) {
                throw new AssertionError(
                        "seed %d: %d wait for nothing".formatted(seed, waiting.size()));
            }
            running.removeFirst().release(Reservation.End.COMPLETED, 5);
            ended += 1 + settle(waiting, running);
        }

        assertThat(ended).as("seed %d", seed).isEqualTo(asked);
        assertThat(picker.endpoints())
                .as("seed %d", seed)
                .allMatch(endpoint -> endpoint.inFlightRequests() == 0);
        assertThat(left).as("seed %d", seed).contains(Outcome.DISPATCHED, Outcome.EVICTED_TTL);
    }

    /** Takes all whose wait is over; returns how many were refused. */
    private static int settle(List<Held> waiting, List<Reservation> running) {
        int refused = 0;
        for (Held held : List.copyOf(waiting)) {
            if (held.told) {
                waiting.remove(held);
                switch (held.ticket.take()) {
                    case PickResult.Picked(Reservation reservation) -> running.add(reservation);
                    case PickResult.Refused _ -> refused++;
                }
            }
        }
        return refused;
    }

    private static Scraped scraped(int waiting, int running) {
        return new Scraped(0, waiting, running, 0.2, 0, 0, Adapters.NONE, 0, 0);
    }

    private static Endpoint role(int i, String role) {
        Endpoint plain = endpoint(i);
        return new Endpoint(
                plain.name(),
                plain.podName(),
                plain.address(),
                plain.port(),
                Map.of("llm-d.ai/role", role));
    }

    private static Held queued(PickResult result) {
        return new Held(ticket(result));
    }

    /** A ticket, and whether its wait is over. */
    private static final class Held {

        final Ticket ticket;
        boolean told;

        Held(Ticket ticket) {
            this.ticket = ticket;
            ticket.whenOver(() -> told = true);
        }
    }

    private double saturation() {
        return Objects.requireNonNull(testing.registry.flows().get(POOL)).saturation();
    }
}
