package io.weir.picker.builtin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.weir.picker.state.EndpointState;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;

/** How full pools are, and who is let in. */
class AdmissionTest {

    private final PluginTesting testing = new PluginTesting();

    private static ConcurrencyDetector detector(ConcurrencyDetector.Mode mode) {
        return new ConcurrencyDetector(10, 1000, mode, 0);
    }

    @Test
    @DisplayName("concurrency-detector: in flight / capacity")
    void concurrencyIsWhatIsInFlightByCapacity() {
        // Given
        testing.inFlight(5, 10);
        testing.endpoints.get(0).inFlight().addPrefillTokens(1000);

        // Then
        assertThat(saturation(ConcurrencyDetector.Mode.REQUESTS)).isEqualTo(0.75);
        assertThat(saturation(ConcurrencyDetector.Mode.TOKENS)).isEqualTo(0.5);
        assertThat(saturation(ConcurrencyDetector.Mode.HYBRID)).isEqualTo(1);
    }

    private double saturation(ConcurrencyDetector.Mode mode) {
        return detector(mode).saturation(testing.begin());
    }

    @Test
    @DisplayName("concurrency-detector as a filter does not fall back")
    void theConcurrencyFilterKeepsServersWithRoomOnly() {
        // Given
        testing.inFlight(9, 10);

        // Then
        assertThat(testing.kept(detector(ConcurrencyDetector.Mode.REQUESTS))).containsExactly(0);
        testing.endpoints.get(0).inFlight().addRequest();
        assertThat(testing.kept(detector(ConcurrencyDetector.Mode.REQUESTS))).isEmpty();
        assertThat(
                        testing.kept(
                                new ConcurrencyDetector(
                                        10, 1, ConcurrencyDetector.Mode.REQUESTS, 0.1)))
                .containsExactly(0, 1);
    }

    @Test
    void answersCountAsLoadOnlyWhereTheyAreEstimated() {
        // Given
        EndpointState endpoint = testing.add();
        endpoint.inFlight().addPrefillTokens(100);
        endpoint.inFlight().addDecodeTokens(400);
        var detector = detector(ConcurrencyDetector.Mode.TOKENS);

        // Then
        assertThat(detector.saturation(testing.begin())).isEqualTo(0.1);
        testing.begin().countsOutput(true);
        assertThat(detector.saturation(testing.begin())).isEqualTo(0.5);
    }

    @ParameterizedTest
    @CsvSource({"0.15, 0.023", "0.20, 0.096", "0.30, 0.73", "0.34, 1", "2, 1", "0, 0"})
    @DisplayName("probabilistic-admitter: min(sat^5 * 300, 1)")
    void refusesWithAProbabilityThatGrowsWithSaturation(double saturation, double probability) {
        var admitter = new ProbabilisticAdmitter(UtilizationDetector.DEFAULT, 5, 300);
        assertThat(admitter.probability(saturation)).isCloseTo(probability, within(0.002));
    }

    @Test
    void admitsWhatIsNotSheddable() {
        // Given
        testing.queues(50);
        var admitter = new ProbabilisticAdmitter(UtilizationDetector.DEFAULT, 5, 300);

        // Then
        assertThat(admitter.refusal(testing.begin())).isNull();
        testing.request(PluginTesting.request("llama", -1, new byte[0], 0));
        assertThat(admitter.refusal(testing.begin())).isNotNull();
    }

    @Test
    @DisplayName("utilization-filter: dropped if any cap is exceeded")
    void dropsServersAboveALimit() {
        // Given
        testing.queues(2, 5, 9);
        var limit = new UtilizationFilter.Limit(UtilizationFilter.Measure.WAITING_QUEUE, 5);
        var none = new UtilizationFilter.Limit(UtilizationFilter.Measure.WAITING_QUEUE, 1);

        // Then
        assertThat(testing.kept(new UtilizationFilter(List.of(limit), false)))
                .containsExactly(0, 1);
        assertThat(testing.kept(new UtilizationFilter(List.of(limit, none), false))).isEmpty();
        assertThat(testing.kept(new UtilizationFilter(List.of(none), true))).hasSize(3);
    }
}
