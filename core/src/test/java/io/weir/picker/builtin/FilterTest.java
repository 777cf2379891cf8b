package io.weir.picker.builtin;

import static io.weir.picker.builtin.PluginTesting.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.picker.plugin.Filter;
import io.weir.picker.plugin.PickContext;

import org.junit.jupiter.api.Test;

import java.util.Set;

class FilterTest {

    private static final Filter NONE = _ -> {};

    private final PluginTesting testing = new PluginTesting();

    @Test
    void lowQueueKeepsQueuesUpToTheThreshold() {
        assertThat(testing.queues(0, 128, 129).kept(new LowQueueFilter(128))).containsExactly(0, 1);
    }

    @Test
    void leastQueueKeepsTheLowestPartOfTheRange() {
        assertThat(testing.queues(10, 3, 0, 2).kept(LeastFilter.queue())).containsExactly(2, 3);
    }

    @Test
    void leastKvCacheKeepsTheLowestPartOfTheRange() {
        assertThat(testing.kvCaches(0.9, 0.1, 0.2).kept(LeastFilter.kvCache()))
                .containsExactly(1, 2);
    }

    @Test
    void leastKeepsAllWhenTheyAreEqual() {
        assertThat(testing.queues(7, 7, 7).kept(LeastFilter.queue())).containsExactly(0, 1, 2);
    }

    @Test
    void sheddableCapacityDropsFullServersForSheddableRequestsOnly() {
        // Given
        testing.queues(0, 6).kvCaches(0.9);
        var filter = new SheddableCapacityFilter(5, 0.8);

        // Then
        assertThat(testing.kept(filter)).containsExactly(0, 1, 2);
        testing.request(request("llama", -1, new byte[0], 1));
        assertThat(testing.kept(filter)).containsExactly(0);
    }

    @Test
    void loraAffinityKeepsHoldersOrNowAndThenThoseWithRoom() {
        // Given
        testing.adapters(Set.of("llama"), Set.of(), 2)
                .adapters(Set.of("x"), Set.of("llama"), 2)
                .adapters(Set.of("x"), Set.of(), 2)
                .adapters(Set.of("x", "y"), Set.of(), 2);

        // Then
        assertThat(testing.kept(new LoraAffinityFilter(1))).containsExactly(0, 1);
        assertThat(testing.kept(new LoraAffinityFilter(0))).containsExactly(2);
    }

    @Test
    void loraAffinityKeepsThoseWithRoomWhenNobodyHasTheAdapter() {
        testing.adapters(Set.of("x", "y"), Set.of(), 2).adapters(Set.of("x"), Set.of(), 2);
        assertThat(testing.kept(new LoraAffinityFilter(0.999))).containsExactly(1);
    }

    @Test
    void loraAffinityFailsWhenAllAreFullOfOthers() {
        testing.adapters(Set.of("x"), Set.of(), 1);
        assertThat(testing.kept(new LoraAffinityFilter(0.999))).isEmpty();
    }

    @Test
    void prefixAffinityKeepsServersThatKnowMostOfThePromptUnlessTheyAreFarBehind() {
        // Given
        byte[] prompt = new byte[6400];
        testing.prefillTokens(0, 0, 0).request(request("llama", 0, prompt, 1600));
        testing.send(1, prompt);
        var filter = new PrefixCacheAffinityFilter(0.8, 0, 1000, 10_000, false);

        // Then
        assertThat(testing.kept(filter)).containsExactly(1);
        testing.endpoints.get(1).inFlight().addPrefillTokens(9_999);
        assertThat(testing.kept(filter)).containsExactly(1);
        testing.endpoints.get(1).inFlight().addPrefillTokens(2);
        assertThat(testing.kept(filter)).containsExactly(0, 1, 2);
    }

    @Test
    void prefixAffinityKeepsAllWhenNobodyKnowsThePrompt() {
        testing.prefillTokens(0, 0).request(request("llama", 0, new byte[6400], 1600));
        assertThat(testing.kept(new PrefixCacheAffinityFilter(0.8, 0, 1000, 10_000, false)))
                .containsExactly(0, 1);
    }

    @Test
    void utilizationKeepsServersThatAreNotFullOrAll() {
        testing.queues(4, 5).kvCaches(0.9);
        assertThat(testing.kept(UtilizationDetector.DEFAULT)).containsExactly(0);
        assertThat(new PluginTesting().queues(9, 5).kept(UtilizationDetector.DEFAULT))
                .containsExactly(0, 1);
    }

    @Test
    void saturationIsTheMeanOfTheFullerOfQueueAndCache() {
        testing.queues(5, 0).kvCaches(0.4);
        assertThat(UtilizationDetector.DEFAULT.saturation(testing.begin())).isEqualTo(0.5);
    }

    @Test
    void serversWithoutMetricsAreNotSaturated() {
        testing.inFlight(100, 100);
        assertThat(UtilizationDetector.DEFAULT.saturation(testing.begin())).isZero();
    }

    @Test
    void aTreeGoesOnWithWhatWasLeftAfterASuccess() {
        testing.queues(0, 1, 200);
        assertThat(testing.kept(new DecisionTreeFilter(low(128), LeastFilter.queue(), NONE)))
                .containsExactly(0);
    }

    @Test
    void aTreeGoesOnWithWhatWasThereBeforeAfterAFailure() {
        testing.queues(300, 200);
        assertThat(testing.kept(new DecisionTreeFilter(low(128), NONE, LeastFilter.queue())))
                .containsExactly(1);
    }

    @Test
    void aTreeWithoutBranchesIsItsFilter() {
        testing.queues(0, 200);
        assertThat(testing.kept(new DecisionTreeFilter(low(128), null, null))).containsExactly(0);
        assertThat(testing.kept(new DecisionTreeFilter(NONE, null, null))).isEmpty();
    }

    @Test
    void aTreeFailsWhenItsBranchFails() {
        testing.queues(0, 200);
        assertThat(testing.kept(new DecisionTreeFilter(low(128), NONE, low(500)))).isEmpty();
    }

    @Test
    void aTreeMayBeABranchOfATree() {
        testing.queues(0, 0, 200).adapters(Set.of("llama"), Set.of(), 1);
        var inner = new DecisionTreeFilter(new LoraAffinityFilter(1), low(1), low(1));
        assertThat(testing.kept(new DecisionTreeFilter(low(128), inner, inner))).containsExactly(3);
    }

    @Test
    void weightedRandomPicksInProportionToTheScores() {
        // Given
        PickContext context = testing.queues(0).begin();

        // When
        int first = 0;
        for (int i = 0; i < 10_000; i++) {
            double one = Pickers.WEIGHTED_RANDOM.key(3, context);
            double other = Pickers.WEIGHTED_RANDOM.key(1, context);
            first += one > other ? 1 : 0;
        }

        // Then
        assertThat(first).isBetween(7_300, 7_700);
        assertThat(Pickers.WEIGHTED_RANDOM.key(0, context)).isZero();
    }

    private static LowQueueFilter low(int threshold) {
        return new LowQueueFilter(threshold);
    }
}
