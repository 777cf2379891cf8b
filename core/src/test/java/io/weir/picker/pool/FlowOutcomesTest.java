package io.weir.picker.pool;

import static io.weir.picker.pool.PoolTesting.picked;
import static io.weir.picker.pool.QueueTesting.request;
import static io.weir.picker.pool.QueueTesting.ticket;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.picker.PickRequest;
import io.weir.picker.PickResult;
import io.weir.picker.PickResult.Refused;
import io.weir.picker.PickerSettings;
import io.weir.picker.PoolPicker;
import io.weir.picker.Reservation;
import io.weir.picker.Ticket;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/** What clients are told, by what flow control did (the reference's table of outcomes). */
@DisplayName("outcome of flow control → status, reason, message")
class FlowOutcomesTest {

    private static final String RULES =
            """
            apiVersion: llm-d.ai/v1alpha1
            kind: EndpointPickerConfig
            featureGates: [flowControl]
            plugins:
            - type: concurrency-detector
              parameters: {maxConcurrency: 1}
            flowControl:
              maxRequests: 1
              defaultRequestTTL: 10s
              noEndpointRequestTTL: 3s
              saturationDetector: {pluginRef: concurrency-detector}
            """;
    private static final Duration TTL = Duration.ofSeconds(10);
    private static final Duration EMPTY_TTL = Duration.ofSeconds(3);

    private final QueueTesting testing = new QueueTesting();

    private static void assertRefused(
            PickResult result, int status, String reason, String messagePart) {
        Refused refused = (Refused) result;
        assertThat(refused.reason().status()).isEqualTo(status);
        assertThat(refused.reason().dropReason()).isEqualTo(reason);
        assertThat(refused.message()).contains(messagePart);
    }

    /** Returns a pool of one server, which is busy. */
    private PoolPicker busy() {
        PoolPicker picker = testing.pool(1, RULES);
        picked(picker.pick(request(0)));
        return picker;
    }

    @Test
    @DisplayName("RejectedCapacity → 429 rejected-saturated")
    void fullLine() {
        PoolPicker picker = busy();
        ticket(picker.pick(request(0)));

        assertRefused(
                picker.pick(request(0)),
                429,
                "rejected-saturated",
                "request rejected by flow control");
    }

    @Test
    @DisplayName("RejectedNoEndpoints → 503 rejected-no-endpoints")
    void fullLineOfAPoolWithoutEndpoints() {
        PoolPicker picker = testing.pool(0, RULES);
        ticket(picker.pick(request(0)));

        assertRefused(
                picker.pick(request(0)), 503, "rejected-no-endpoints", "no endpoints available");
    }

    @Test
    @DisplayName("EvictedTTL, pool non-empty → 429 rejected-ttl-expired")
    void timeIsOver() {
        Ticket waiting = ticket(busy().pick(request(0)));

        testing.advance(TTL);

        assertRefused(waiting.take(), 429, "rejected-ttl-expired", "request timed out in queue");
    }

    @Test
    @DisplayName("EvictedTTL, pool empty now → 503 rejected-no-endpoints")
    void timeIsOverAndEndpointsHaveGone() {
        PoolPicker picker = busy();
        Ticket waiting = ticket(picker.pick(request(0)));
        picker.update(List.of(), new PickerSettings(RULES, "test"));

        testing.advance(EMPTY_TTL);

        assertRefused(
                waiting.take(), 503, "rejected-no-endpoints", "and no endpoints are available");
    }

    @Test
    @DisplayName("EvictedContextCancelled → 503 rejected-context-cancelled")
    void theClientLeft() {
        Ticket waiting = ticket(busy().pick(request(0)));

        waiting.cancel();

        assertRefused(waiting.take(), 503, "rejected-context-cancelled", "client disconnected");
    }

    @Test
    @DisplayName("EvictedOther because not running → 503 rejected-shutting-down, before TTL")
    void theEndGoesBeforeTheTime() {
        Ticket waiting = ticket(busy().pick(request(0)));
        testing.nanos.addAndGet(TTL.multipliedBy(2).toNanos());

        testing.registry.close();

        assertRefused(waiting.take(), 503, "rejected-shutting-down", "shutting down");
    }

    @Test
    @DisplayName("RejectedOther because not running → 503 rejected-shutting-down")
    void whoComesAfterTheEnd() {
        PoolPicker picker = busy();

        testing.registry.apply(Map.of());

        assertRefused(picker.pick(request(0)), 503, "rejected-shutting-down", "shutting down");
    }

    @Test
    @DisplayName("locate finds nothing after dispatch → 503 rejected-no-endpoints")
    void noneOfTheEndpointsIsOffered() {
        PoolPicker picker = testing.pool(1, RULES);
        Reservation first = picked(picker.pick(request(0)));
        Ticket waiting =
                ticket(
                        picker.pick(
                                PickRequest.forModel("llama")
                                        .subset(endpoint -> endpoint.name().equals("pod-9"))
                                        .build()));

        first.release(Reservation.End.COMPLETED, 1);

        assertRefused(waiting.take(), 503, "rejected-no-endpoints", "no endpoint");
    }

    @ParameterizedTest
    @CsvSource({"0, 1, 1, 0", "-1, 0, 1, 0", "-1, 1, 1, 429", "-1, 0, 0, 503"})
    @DisplayName("without the gate only saturated pools refuse, and only negative priorities")
    void withoutTheGate(int priority, int running, int endpoints, int status) {
        PoolPicker picker = testing.pool(endpoints, RULES.replace("[flowControl]", "[]"));
        for (int i = 0; i < running; i++) {
            picked(picker.pick(request(0)));
        }

        PickResult result = picker.pick(request(priority));

        int refusedWith = result instanceof Refused refused ? refused.reason().status() : 0;
        assertThat(refusedWith).isEqualTo(status);
    }

    @Test
    @DisplayName("filters empty a profile → 429 rejected-saturated")
    void noServerPassesTheFilters() {
        PoolPicker picker =
                testing.pool(1, RULES.replace("plugins:\n", "plugins:\n- type: prefill-filter\n"));

        assertRefused(picker.pick(request(0)), 429, "rejected-saturated", "");
    }
}
