package io.weir.picker.builtin;

import static io.weir.picker.builtin.PluginTesting.NOW;
import static io.weir.picker.builtin.PluginTesting.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.weir.picker.EndpointSnapshot.ServedModel;
import io.weir.picker.latency.LatencyFeatures;
import io.weir.picker.latency.LatencyPredictor;
import io.weir.picker.prefix.PrefixReuse;
import io.weir.picker.prefix.PrefixSettings;
import io.weir.picker.state.Adapters;
import io.weir.picker.state.EndpointState;
import io.weir.picker.state.Scraped;
import io.weir.picker.state.ServedModels;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** Values of the llm-d router's scorers, from its own tests, and what differs on purpose. */
class ScorerTest {

    private static final int BLOCK = PrefixSettings.DEFAULT.blockBytes();

    private final PluginTesting testing = new PluginTesting();

    @Nested
    class Queue {

        @Test
        void scoresByThePlaceBetweenTheShortestAndTheLongestQueue() {
            assertThat(testing.queues(10, 5, 0).scores(new QueueScorer()))
                    .containsExactly(0, 0.5, 1);
        }

        @Test
        void scoresEqualQueuesWithOne() {
            assertThat(testing.queues(4, 4).scores(new QueueScorer())).containsExactly(1, 1);
        }

        @Test
        void scoresEmptyQueuesWithOne() {
            assertThat(testing.queues(0, 0).scores(new QueueScorer())).containsExactly(1, 1);
        }

        @Test
        void countsRequestsSentSinceTheScrape() {
            // Given
            testing.queues(2, 0, 0);
            testing.endpoints.get(1).inFlight().addRequest();

            // Then
            assertThat(testing.scores(new QueueScorer())).containsExactly(0, 0.5, 1);
        }

        @Test
        void countsRequestsAnsweredSinceTheScrape() {
            // Given
            testing.queues(0, 4);
            testing.add().scraped(new Scraped(NOW, 4, 8, 0, 0, 0, Adapters.NONE, 12, 0));
            for (int i = 0; i < 10; i++) {
                testing.endpoints.get(2).inFlight().addRequest();
            }

            // Then
            assertThat(testing.scores(new QueueScorer())).containsExactly(1, 0, 0.5);
        }
    }

    @Nested
    class RunningRequests {

        @Test
        void scoresByThePlaceBetweenTheFewestAndTheMost() {
            assertThat(testing.running(10, 5, 0).scores(new RunningRequestsScorer()))
                    .containsExactly(0, 0.5, 1);
        }
    }

    @Nested
    class KvCache {

        @Test
        void scoresTheFreeShare() {
            assertThat(testing.kvCaches(0.8, 0.5, 0, 1).scores(new KvCacheScorer()))
                    .usingComparatorWithPrecision(1e-9)
                    .containsExactly(0.2, 0.5, 1, 0);
        }

        @Test
        void countsTokensSentSinceTheScrapeWhereTheSizeIsKnown() {
            // Given
            EndpointState endpoint = testing.add();
            endpoint.scraped(new Scraped(NOW, 0, 0, 0.5, 16, 1000, Adapters.NONE, 0, 100));
            endpoint.inFlight().addPrefillTokens(1700);

            // Then
            assertThat(testing.scores(new KvCacheScorer())[0]).isCloseTo(0.4, within(1e-9));
        }
    }

    @Nested
    class LoadAware {

        @Test
        void fallsFromAHalfToZeroAtTheThreshold() {
            assertThat(testing.queues(2, 0, 15).scores(new LoadAwareScorer(10)))
                    .containsExactly(0.4, 0.5, 0);
        }
    }

    @Nested
    class ActiveRequests {

        @Test
        void scoresByRequestsInFlight() {
            assertThat(testing.inFlight(4, 1, 0).scores(new ActiveRequestScorer(0, 1)))
                    .containsExactly(0, 0.75, 1);
        }

        @Test
        void takesAFewRequestsForIdleAndLimitsWhatBusyServersScore() {
            assertThat(testing.inFlight(4, 2, 1).scores(new ActiveRequestScorer(1, 0.5)))
                    .containsExactly(0, 0.25, 1);
        }
    }

    @Nested
    class TokenLoad {

        @Test
        void fallsFromOneToZeroAtTheThreshold() {
            assertThat(testing.prefillTokens(0, 500, 1000).scores(new TokenLoadScorer(1000)))
                    .containsExactly(1, 0.5, 0);
        }

        @Test
        void countsThisRequestsPromptAsFarAsItIsNotKnown() {
            // Given
            byte[] prompt = new byte[1000];
            testing.prefillTokens(0, 500, 1000).request(request("llama", 0, prompt, 250));
            testing.send(1, prompt);

            // Then
            assertThat(testing.scores(new TokenLoadScorer(1000))).containsExactly(0.75, 0.5, 0);
        }
    }

    @Nested
    class PrefixCache {

        private final PrefixCacheScorer scorer =
                new PrefixCacheScorer(PrefixSettings.DEFAULT, 0, 8192);

        @Test
        void scoresTheKnownShareOfThePrompt() {
            // Given
            byte[] prompt = new byte[5 * BLOCK];
            testing.inFlight(0, 0, 0).request(request("llama", 0, prompt, 80));
            testing.send(0, prompt);
            testing.send(1, Arrays.copyOf(prompt, 3 * BLOCK));

            // Then
            assertThat(testing.scores(scorer)).containsExactly(1, 0.6, 0);
        }

        @Test
        void scoresNothingWhereThePromptIsTooShort() {
            assertThat(testing.inFlight(0).scores(scorer)).containsExactly(0);
        }

        @Test
        void mixesInTheLengthOfTheMatch() {
            // Given
            byte[] prompt = new byte[4 * BLOCK];
            testing.inFlight(0).request(request("llama", 0, prompt, 64));
            testing.send(0, Arrays.copyOf(prompt, 2 * BLOCK));

            // When
            var mixed = new PrefixCacheScorer(PrefixSettings.DEFAULT, 0.25, 64);

            // Then
            assertThat(testing.scores(mixed)).containsExactly(0.25 * 0.25 + 0.75 * 0.5);
        }
    }

    @Nested
    class LoraAffinity {

        @Test
        void scoresByWhereTheAdapterIs() {
            testing.adapters(Set.of("llama", "x"), Set.of(), 2)
                    .adapters(Set.of("x"), Set.of("llama"), 5)
                    .adapters(Set.of("x", "y"), Set.of("llama"), 2)
                    .adapters(Set.of("x", "y"), Set.of(), 2)
                    .adapters(Set.of(), Set.of(), 0);
            assertThat(testing.scores(new LoraAffinityScorer())).containsExactly(1, 0.8, 0.6, 0, 0);
        }

        @Test
        void takesAnAdapterThatWasJustSentForAsInUse() {
            // Given
            testing.adapters(Set.of(), Set.of(), 2).adapters(Set.of(), Set.of(), 2);

            // When
            testing.endpoints.get(1).recentAdapters().add("llama", NOW - 1_000_000_000L);

            // Then
            assertThat(testing.scores(new LoraAffinityScorer())).containsExactly(0.8, 1);
        }

        @Test
        void forgetsAnAdapterThatWasSentForSecondsAgo() {
            // Given
            testing.adapters(Set.of(), Set.of(), 2);

            // When
            testing.endpoints.getFirst().recentAdapters().add("llama", NOW - 2_100_000_000L);

            // Then
            assertThat(testing.scores(new LoraAffinityScorer())).containsExactly(0.8);
        }
    }

    @Nested
    class ExpectedWork {

        private final ExpectedWorkScorer scorer = new ExpectedWorkScorer(WorkCosts.DEFAULT);

        @Test
        void prefersTheServerThatKnowsThePromptUntilItIsLoaded() {
            // Given
            byte[] prompt = new byte[40_000];
            testing.prefillTokens(0, 0).request(request("llama", 0, prompt, 10_000));
            testing.send(0, prompt);

            // Then
            double[] idle = testing.scores(scorer);
            assertThat(idle[0]).isGreaterThan(idle[1]);

            // When: the other one's lack of the prompt counts three times
            testing.endpoints.getFirst().inFlight().addPrefillTokens(29_000);

            // Then
            double[] busy = testing.scores(scorer);
            assertThat(busy[0]).isGreaterThan(busy[1]);

            // When
            testing.endpoints.getFirst().inFlight().addPrefillTokens(2_000);

            // Then
            double[] loaded = testing.scores(scorer);
            assertThat(loaded[0]).isLessThan(loaded[1]);
        }

        @Test
        void prefersTheServerWithFewerRequestsFromElsewhere() {
            double[] scores = testing.queues(3, 0).scores(scorer);
            assertThat(scores[0]).isLessThan(scores[1]);
        }

        @Test
        void doesNotBelieveInOldScrapes() {
            // Given
            testing.queues(0).add();
            testing.endpoints
                    .get(1)
                    .scraped(
                            new Scraped(
                                    NOW - 11_000_000_000L, 50, 9, 1, 0, 0, Adapters.NONE, 0, 0));

            // Then
            double[] scores = testing.scores(scorer);
            assertThat(scores[0]).isEqualTo(scores[1]);
        }

        @Test
        void prefersServersThatHaveTheAdapterThenThoseWithRoom() {
            // Given
            testing.adapters(Set.of("food"), Set.of(), 1)
                    .adapters(Set.of(), Set.of(), 1)
                    .adapters(Set.of("other"), Set.of(), 1)
                    .request(request("food", 0, new byte[0], 10));
            var models = ServedModels.of(List.of(new ServedModel("food", "llama")));
            testing.endpoints.forEach(endpoint -> endpoint.models(models));

            // Then
            double[] scores = testing.scores(scorer);
            assertThat(scores[0]).isGreaterThan(scores[1]);
            assertThat(scores[1]).isGreaterThan(scores[2]);
        }

        @Test
        void doesNotMindAdaptersForABaseModel() {
            // Given
            testing.adapters(Set.of("food"), Set.of(), 1).adapters(Set.of(), Set.of(), 1);

            // Then
            double[] scores = testing.scores(scorer);
            assertThat(scores[0]).isEqualTo(scores[1]);
        }

        @Test
        void sticksTheMoreToTheServerThatKnowsThePromptTheFullerTheCachesAre() {
            // Given: a pool that finds most of what it is asked in its caches
            PrefixReuse reuse = new PrefixReuse();
            learn(reuse, 0.95);
            testing.reuse(reuse);
            byte[] prompt = new byte[40_000];
            testing.kvCaches(0.1, 0.1).request(request("llama", 0, prompt, 10_000));
            testing.send(0, prompt);
            testing.endpoints.getFirst().inFlight().addPrefillTokens(35_000);

            // Then
            double[] empty = testing.scores(scorer);
            assertThat(empty[0]).isLessThan(empty[1]);

            // When
            testing.endpoints.forEach(endpoint -> endpoint.scraped(scraped(0.85)));

            // Then
            double[] filled = testing.scores(scorer);
            assertThat(filled[0]).isGreaterThan(filled[1]);

            // When: what is pushed out would hardly be missed
            learn(reuse, 0.05);

            // Then
            double[] unlike = testing.scores(scorer);
            assertThat(unlike[0]).isLessThan(unlike[1]);
        }

        private static void learn(PrefixReuse reuse, double share) {
            for (int i = 0; i < 2_000; i++) {
                reuse.learn(1_000, Math.round(1_000 * (1 - share)));
            }
        }

        @Test
        void takesTheSameWorkForMoreOnASlowServer() {
            // Given
            testing.prefillTokens(1_000, 1_000);
            LatencyPredictor predictor = new LatencyPredictor();
            float[] x = new float[LatencyFeatures.SIZE];
            LatencyFeatures.fill(x, 100, 100, 100, 3, 0, 0.1, 1_000);
            for (int i = 0; i < 200; i++) {
                predictor.learnTpot(x, testing.endpoints.getFirst().pace(), 30);
                predictor.learnTpot(x, testing.endpoints.get(1).pace(), 10);
            }

            // Then
            double[] scores = testing.scores(scorer);
            assertThat(scores[0]).isLessThan(scores[1]);
        }

        private static Scraped scraped(double kvUsage) {
            return new Scraped(NOW, 0, 0, kvUsage, 0, 0, Adapters.NONE, 0, 0);
        }

        @Test
        void shunsServersWhoseKvCachesAreMoreThanHalfFullAndFullerThanTheMean() {
            // Given
            PrefixReuse reuse = new PrefixReuse();
            learn(reuse, 0.9);
            testing.kvCaches(0.88, 0.6, 0.51).reuse(reuse);

            // Then
            double[] uneven = testing.scores(scorer);
            assertThat(uneven[0]).isLessThan(uneven[1]);
            assertThat(uneven[1]).isEqualTo(uneven[2]);
        }

        @Test
        void doesNotMindUnevenKvCachesWherePromptsAreNotFoundInThem() {
            double[] scores = testing.kvCaches(0.88, 0.6).scores(scorer);
            assertThat(scores[0]).isEqualTo(scores[1]);
        }

        @Test
        void doesNotMindThatAKvCacheIsFullerThanOthersUpToHalfFull() {
            PrefixReuse reuse = new PrefixReuse();
            learn(reuse, 0.9);
            double[] scores = testing.kvCaches(0.49, 0.1).reuse(reuse).scores(scorer);
            assertThat(scores[0]).isEqualTo(scores[1]);
        }

        @Test
        void shunsAServerWhoseKvCacheIsAboutToOverflow() {
            double[] scores = testing.kvCaches(0.5, 0.97).scores(scorer);
            assertThat(scores[0]).isGreaterThan(scores[1]);
        }
    }
}
