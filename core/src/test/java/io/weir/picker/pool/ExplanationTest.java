package io.weir.picker.pool;

import static io.weir.picker.pool.PoolTesting.POOL;
import static io.weir.picker.pool.PoolTesting.picked;
import static io.weir.picker.pool.PoolTesting.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.weir.picker.Explanation;
import io.weir.picker.Explanation.Removal;
import io.weir.picker.Explanation.Row;
import io.weir.picker.Explanation.Weight;
import io.weir.picker.PickRequest;
import io.weir.picker.PickResult.Reason;
import io.weir.picker.PoolPicker;
import io.weir.picker.RequestDetails;
import io.weir.picker.RequestHeaders;
import io.weir.picker.Reservation;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Objects;

class ExplanationTest {

    private static final String CONFIG =
            """
            apiVersion: llm-d.ai/v1alpha1
            kind: EndpointPickerConfig
            plugins:
            - {type: low-queue-filter, parameters: {threshold: 2}}
            - {type: queue-scorer, name: q}
            - {type: active-request-scorer}
            schedulingProfiles:
            - name: mine
              plugins:
              - {pluginRef: low-queue-filter}
              - {pluginRef: q, weight: 2}
              - {pluginRef: active-request-scorer}
            """;

    private final PoolTesting testing = new PoolTesting();

    private static void load(PoolTesting testing, int endpoint, int requests) {
        for (int i = 0; i < requests; i++) {
            testing.watched.get(endpoint).inFlight().addRequest();
        }
    }

    @Test
    void tellsWhatEachFilterRemovedAndWhatEachScorerSaid() {
        // Given
        testing.pool(4, CONFIG);
        load(testing, 0, 9);
        load(testing, 1, 1);
        load(testing, 2, 2);

        // When
        Explanation explanation = testing.registry.explain(POOL, request(10)).orElseThrow();
        Explanation.Stage stage = explanation.stages().getFirst();

        // Then
        assertThat(explanation.candidates()).isEqualTo(4);
        assertThat(explanation.narrowed()).containsExactly(new Removal("model", List.of(), 4));
        assertThat(stage.profile()).isEqualTo("mine");
        assertThat(stage.filters())
                .containsExactly(new Removal("low-queue-filter", List.of("pod-0"), 3));
        assertThat(stage.scorers())
                .containsExactly(new Weight("q", 2), new Weight("active-request-scorer", 1));
        assertThat(stage.rows())
                .extracting(Row::endpoint)
                .containsExactly("pod-3", "pod-1", "pod-2");
        assertThat(stage.rows().get(1).scores()).containsExactly(0.5, 0.5);
        assertThat(stage.rows().get(1).total()).isCloseTo(1.5, within(1e-9));
        assertThat(explanation.endpoint()).isEqualTo("pod-3");
        assertThat(explanation.runnerUp()).isEqualTo("pod-1");
    }

    @Test
    void reservesNothing() {
        // Given
        PoolPicker picker = testing.pool(3, CONFIG);

        // When
        assertThat(testing.registry.explain(POOL, request(1000))).isPresent();

        // Then
        assertThat(picker.endpoints())
                .allMatch(found -> found.inFlightRequests() == 0 && found.inFlightTokens() == 0);
    }

    @Test
    void tellsWhyARequestIsRefused() {
        // Given
        testing.pool(2, CONFIG);
        load(testing, 0, 9);
        load(testing, 1, 9);

        // When
        Explanation explanation = testing.registry.explain(POOL, request(10)).orElseThrow();

        // Then
        assertThat(Objects.requireNonNull(explanation.refusal()).reason()).isEqualTo(Reason.SHED);
        assertThat(explanation.endpoint()).isNull();
        assertThat(explanation.stages().getFirst().filters())
                .containsExactly(new Removal("low-queue-filter", List.of("pod-0", "pod-1"), 0));
    }

    @Test
    void decisionsAreKeptWhileItIsSwitchedOn() {
        // Given
        PoolPicker picker = testing.pool(3, CONFIG);
        DecisionLog decisions = testing.registry.decisions();

        // When
        picker.pick(named("before"));
        decisions.switchOn(true);
        Reservation reservation = picked(picker.pick(named("first")));
        for (int i = 0; i < 255; i++) {
            picker.pick(named("r" + i));
        }

        // Then
        assertThat(decisions.find("before")).isEmpty();
        assertThat(decisions.find("first").orElseThrow().explanation().endpoint())
                .isEqualTo(reservation.current().name());
        assertThat(decisions.recent()).hasSize(256);
        assertThat(decisions.recent().getFirst().explanation().requestId()).isEqualTo("r254");

        // When
        picker.pick(named("one more"));

        // Then
        assertThat(decisions.find("first")).isEmpty();

        // When
        decisions.switchOn(false);

        // Then
        assertThat(decisions.recent()).isEmpty();
    }

    @Test
    void theBeginningOfAnIdIsEnough() {
        // Given
        PoolPicker picker = testing.pool(1, CONFIG);
        DecisionLog decisions = testing.registry.decisions();
        decisions.switchOn(true);

        // When
        picker.pick(named("595b0071-9179"));
        picker.pick(named("595b0071"));

        // Then
        assertThat(found(decisions, "595b0071-")).isEqualTo("595b0071-9179");
        assertThat(found(decisions, "595b0071")).as("the whole goes first").isEqualTo("595b0071");
        assertThat(decisions.find("595b007")).as("too short").isEmpty();
    }

    private static String found(DecisionLog decisions, String id) {
        return decisions.find(id).orElseThrow().explanation().requestId();
    }

    private static PickRequest named(String id) {
        return PickRequest.forModel("llama")
                .details(new RequestDetails(id, 0, 0, false, RequestHeaders.NONE, List.of()))
                .build();
    }
}
