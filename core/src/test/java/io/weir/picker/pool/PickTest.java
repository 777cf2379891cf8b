package io.weir.picker.pool;

import static io.weir.picker.pool.PoolTesting.pick;
import static io.weir.picker.pool.PoolTesting.picked;
import static io.weir.picker.pool.PoolTesting.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.picker.Endpoint;
import io.weir.picker.EndpointSnapshot;
import io.weir.picker.EndpointSnapshot.ServedModel;
import io.weir.picker.PickRequest;
import io.weir.picker.PickResult.Reason;
import io.weir.picker.PickResult.Refused;
import io.weir.picker.PickerSettings;
import io.weir.picker.PoolPicker;
import io.weir.picker.Reservation;
import io.weir.picker.Reservation.End;
import io.weir.picker.state.Adapters;
import io.weir.picker.state.Scraped;
import io.weir.picker.state.ServedModels;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

class PickTest {

    private static final String HEAD =
            """
            apiVersion: llm-d.ai/v1alpha1
            kind: EndpointPickerConfig
            """;

    private final PoolTesting testing = new PoolTesting();

    @Test
    void aConversationStaysOnItsServer() {
        // Given
        PoolPicker picker = testing.pool(10);
        String conversation = "system: be kind. ".repeat(300);
        Reservation first = picked(picker.pick(prompt(conversation)));
        first.release(End.COMPLETED, 10);

        // Then
        for (int turn = 1; turn < 10; turn++) {
            conversation += "user: and then? assistant: this and that. ".repeat(20);
            Reservation next = picked(picker.pick(prompt(conversation)));
            assertThat(next.current()).isEqualTo(first.current());
            next.release(End.COMPLETED, 10);
        }
    }

    @Test
    void onlyThePartOfThePromptThatTheServerDoesNotKnowIsCharged() {
        // Given
        PoolPicker picker = testing.pool(1);
        String begin = "x".repeat(6400);
        picked(picker.pick(prompt(begin))).release(End.COMPLETED, 1);

        // When
        Reservation reservation = picked(picker.pick(prompt(begin + "y".repeat(640))));

        // Then
        long before = tokens(picker);
        reservation.firstByte();
        assertThat(before - tokens(picker)).isBetween(150L, 190L);
    }

    @Test
    void requestsForAnAdapterGoWhereTheFirstOneWent() {
        // Given
        PoolPicker picker = testing.pool(8);
        var models =
                ServedModels.of(
                        List.of(new ServedModel("llama", ""), new ServedModel("food", "llama")));
        testing.watched.forEach(endpoint -> endpoint.models(models));

        // When
        Set<Endpoint> used = new HashSet<>();
        for (int i = 0; i < 20; i++) {
            Reservation reservation = picked(picker.pick(request("food", false)));
            used.add(reservation.current());
            reservation.firstByte();
        }

        // Then
        assertThat(used).hasSize(1);
    }

    @Test
    void sheddableRequestsAreDroppedWhenThePoolIsFull() {
        // Given
        PoolPicker picker = testing.pool(2);
        testing.watched.forEach(endpoint ->
                endpoint.scraped(
                        new Scraped(testing.nanos.get(), 5, 10, 0.5, 0, 0, Adapters.NONE, 0, 0)));

        // Then
        assertThat(picker.pick(priority(-1))).isInstanceOf(Refused.class);
        assertThat(((Refused) picker.pick(priority(-1))).reason()).isEqualTo(Reason.SHED);
        assertThat(((Refused) picker.pick(priority(-1))).retryAfterSeconds()).isPositive();
        picked(picker.pick(priority(0))).release(End.CANCELLED, -1);
    }

    @Test
    void aProfileThatLeavesNobodyRefusesWith429() {
        // Given
        PoolPicker picker =
                testing.pool(
                        1,
                        HEAD + "plugins: [{type: low-queue-filter, parameters: {threshold: 0}}]");
        pick(picker);

        // When
        var result = picker.pick(request(1));

        // Then
        assertThat(((Refused) result).reason().status()).isEqualTo(429);
    }

    @Test
    void aRandomPickerReachesEveryone() {
        // Given
        PoolPicker picker = testing.pool(5, HEAD + "plugins: [{type: random-picker}]");

        // When
        Map<Endpoint, Integer> counts = new HashMap<>();
        for (int i = 0; i < 5000; i++) {
            counts.merge(pick(picker).current(), 1, Integer::sum);
        }

        // Then
        assertThat(counts).hasSize(5).values().allSatisfy(n -> assertThat(n).isBetween(850, 1150));
    }

    @Test
    void equalServersGetEqualSharesOneByOne() {
        // Given
        PoolPicker picker = testing.pool(4);

        // When
        Map<Endpoint, Integer> counts = new HashMap<>();
        for (int i = 0; i < 4000; i++) {
            Reservation reservation = pick(picker);
            counts.merge(reservation.current(), 1, Integer::sum);
            reservation.release(End.COMPLETED, 1);
        }

        // Then
        assertThat(counts).hasSize(4).values().allSatisfy(n -> assertThat(n).isBetween(850, 1150));
    }

    @Test
    void newSettingsTakeEffectAndKeepWhatIsInFlight() {
        // Given
        PoolPicker picker = testing.pool(2);
        pick(picker);

        // When
        picker.update(
                PoolTesting.endpoints(2),
                new PickerSettings(HEAD + "plugins: [{type: active-request-scorer}]", ""));
        Endpoint second = pick(picker).current();

        // Then
        assertThat(picker.endpoints())
                .extracting(EndpointSnapshot::inFlightRequests)
                .containsExactly(1, 1);
        assertThat(second).isIn(PoolTesting.endpoints(2));
    }

    private static PickRequest prompt(String text) {
        return request(text.getBytes(StandardCharsets.UTF_8));
    }

    private static PickRequest priority(int priority) {
        return new PickRequest("llama", false, List.of(), 10, -1, priority, "default-flow", null);
    }

    private static long tokens(PoolPicker picker) {
        return picker.endpoints().getFirst().inFlightTokens();
    }
}
