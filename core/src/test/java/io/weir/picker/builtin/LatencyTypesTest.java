package io.weir.picker.builtin;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.picker.PickRequest;
import io.weir.picker.RequestDetails;
import io.weir.picker.latency.LatencyFeatures;
import io.weir.picker.latency.LatencyPredictor;
import io.weir.picker.latency.ServerPace;
import io.weir.picker.state.Adapters;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Plugins that judge by latency. The first token is made to come after 20 ms and 20 ms more for
 * each thousand tokens of prompt that wait, a further token every 10 ms.
 */
class LatencyTypesTest {

    private final PluginTesting testing = new PluginTesting();

    @Nested
    class Scorer {

        @Test
        void prefersTheServerThatMeetsTheLatencyWithTheLeastToSpare() {
            // Given 20, 100 and 220 ms to the first token
            testing.prefillTokens(0, 4_000, 10_000).predictor(trained());
            testing.request(asking(Map.of("x-llm-d-slo-ttft-ms", "150")));

            assertThat(testing.scores(scorer(false))).containsExactly(0.01, 1, 0);
        }

        @Test
        void prefersTheServerWithTheMostToSpareWhenToldSo() {
            testing.prefillTokens(0, 4_000, 10_000).predictor(trained());
            testing.request(asking(Map.of("x-llm-d-slo-ttft-ms", "150")));

            assertThat(testing.scores(scorer(true))).containsExactly(1, 0.01, 0);
        }

        @Test
        void understandsTheFormerHeader() {
            testing.prefillTokens(0, 4_000, 10_000).predictor(trained());
            testing.request(asking(Map.of("x-slo-ttft-ms", "150")));

            assertThat(testing.scores(scorer(false))).containsExactly(0.01, 1, 0);
        }

        @Test
        void scoresIdleServersOnlyWhenNoneMeetsTheLatency() {
            testing.prefillTokens(2_000, 4_000, 10_000).predictor(trained());
            testing.endpoints.get(0).inFlight().addRequest();
            testing.endpoints.get(1).inFlight().addRequest();
            testing.request(asking(Map.of("x-llm-d-slo-ttft-ms", "5")));

            assertThat(testing.scores(scorer(false))).containsExactly(0, 0, 0.51);
        }

        @Test
        void prefersTheFastestServerWhenNoLatencyIsAskedFor() {
            testing.prefillTokens(2_000, 4_000, 10_000).predictor(trained());
            testing.endpoints.forEach(endpoint -> endpoint.inFlight().addRequest());

            assertThat(testing.scores(scorer(true))[0]).isEqualTo(1);
            assertThat(testing.scores(scorer(true))[2]).isEqualTo(0.01);
        }

        @Test
        void prefersTheServerWithTheShortestQueueWhileNothingCanBePredicted() {
            testing.queues(4, 0, 2).predictor(new LatencyPredictor());

            assertThat(testing.scores(scorer(false))).containsExactly(0.33, 0.67, 0.5);
        }

        @Test
        void looksAtTheKvCacheAloneWhenAllWeightsAreZero() {
            testing.kvCaches(0.8, 0.5).predictor(new LatencyPredictor());
            var none = new LatencyScorer.Composite(0, 0, 0);

            assertThat(testing.scores(new LatencyScorer(0.8, 0.2, false, none, 1)))
                    .containsExactly(0.2, 0.5);
        }

        private LatencyScorer scorer(boolean most) {
            return new LatencyScorer(0.8, 0.2, most, LatencyScorer.Composite.EQUAL, 1);
        }
    }

    @Nested
    class TierFilter {

        @Test
        void keepsServersThatAreExpectedToMeetTheLatency() {
            testing.prefillTokens(0, 4_000, 10_000).predictor(trained());
            testing.request(asking(Map.of("x-llm-d-slo-ttft-ms", "150")));

            assertThat(testing.kept(new SloHeadroomTierFilter(0, 1))).containsExactly(0, 1);
        }

        @Test
        void keepsTheOthersToLearnHowTheyDo() {
            testing.prefillTokens(0, 4_000, 10_000).predictor(trained());
            testing.request(asking(Map.of("x-llm-d-slo-ttft-ms", "150")));

            assertThat(testing.kept(new SloHeadroomTierFilter(1, 1))).containsExactly(2);
        }

        @Test
        void keepsAllWhenNoneMeetsTheLatency() {
            testing.prefillTokens(0, 4_000, 10_000).predictor(trained());
            testing.request(asking(Map.of("x-llm-d-slo-ttft-ms", "1")));

            assertThat(testing.kept(new SloHeadroomTierFilter(0, 1))).containsExactly(0, 1, 2);
        }

        @Test
        void keepsAllWhileNothingCanBePredicted() {
            testing.prefillTokens(0, 10_000).predictor(new LatencyPredictor());
            testing.request(asking(Map.of("x-llm-d-slo-ttft-ms", "150")));

            assertThat(testing.kept(new SloHeadroomTierFilter(0, 1))).containsExactly(0, 1);
        }

        @Test
        void takesTheTimePerTokenWithTheFactorOfTheProducer() {
            testing.prefillTokens(0, 4_000).predictor(trained());
            testing.request(
                    asking(Map.of("x-llm-d-slo-ttft-ms", "50", "x-llm-d-slo-tpot-ms", "50")));

            assertThat(testing.kept(new SloHeadroomTierFilter(0, 1))).containsExactly(0);
            assertThat(testing.kept(new SloHeadroomTierFilter(0, 0.1))).containsExactly(0, 1);
        }

        @Test
        void takesTheTimePerTokenIntoAccountForStreams() {
            testing.prefillTokens(0, 4_000).predictor(trained());

            var tooFast = Map.of("x-llm-d-slo-ttft-ms", "50", "x-llm-d-slo-tpot-ms", "5");
            assertThat(testing.request(asking(tooFast)).kept(new SloHeadroomTierFilter(0, 1)))
                    .containsExactly(0, 1);
            var fair = Map.of("x-llm-d-slo-ttft-ms", "50", "x-llm-d-slo-tpot-ms", "50");
            assertThat(testing.request(asking(fair)).kept(new SloHeadroomTierFilter(0, 1)))
                    .containsExactly(0);
        }
    }

    @Nested
    class Admission {

        private final Map<String, String> tooFast = Map.of("x-llm-d-slo-ttft-ms", "1");

        @Test
        void refusesWhatMayBeDroppedWhenNoServerMeetsTheLatency() {
            busy().predictor(trained()).request(asking(tooFast, -1));

            assertThat(new LatencySloAdmitter(1).refusal(testing.begin())).isNotNull();
        }

        @Test
        void admitsWhatMustBeServed() {
            busy().predictor(trained()).request(asking(tooFast, 0));

            assertThat(new LatencySloAdmitter(1).refusal(testing.begin())).isNull();
        }

        @Test
        void admitsWhenTheLatencyCanBeKept() {
            busy().predictor(trained());
            testing.request(asking(Map.of("x-llm-d-slo-ttft-ms", "5000"), -1));

            assertThat(new LatencySloAdmitter(1).refusal(testing.begin())).isNull();
        }

        @Test
        void admitsWhenSomeServerIsIdle() {
            busy().queues(0).predictor(trained()).request(asking(tooFast, -1));

            assertThat(new LatencySloAdmitter(1).refusal(testing.begin())).isNull();
        }

        @Test
        void admitsWithoutPredictionsAndWithoutAWantedLatency() {
            busy().predictor(new LatencyPredictor()).request(asking(tooFast, -1));
            assertThat(new LatencySloAdmitter(1).refusal(testing.begin())).isNull();

            testing.predictor(trained()).request(asking(Map.of(), -1));
            assertThat(new LatencySloAdmitter(1).refusal(testing.begin())).isNull();
        }

        private PluginTesting busy() {
            for (int i = 0; i < 2; i++) {
                testing.add().scraped(PluginTesting.scraped(1, 9, 0.5, Adapters.NONE));
                testing.endpoints.get(i).inFlight().addRequest();
            }
            return testing;
        }
    }

    private static PickRequest asking(Map<String, String> headers) {
        return asking(headers, 0);
    }

    private static PickRequest asking(Map<String, String> headers, int priority) {
        return PickRequest.forModel("llama")
                .priority(priority)
                .details(new RequestDetails("", 0, 0, true, headers::get, List.of()))
                .build();
    }

    private static LatencyPredictor trained() {
        LatencyPredictor predictor = new LatencyPredictor();
        Random random = new Random(3);
        float[] x = new float[LatencyFeatures.SIZE];
        for (int i = 0; i < 3_000; i++) {
            long waiting = random.nextInt(12) * 1_000L;
            LatencyFeatures.fill(x, 0, 0, waiting, random.nextInt(3), 0, 0, 0);
            predictor.learnTtft(x, new ServerPace(), 20 + waiting / 50.0);
            predictor.learnTpot(x, new ServerPace(), 10);
        }
        return predictor;
    }
}
