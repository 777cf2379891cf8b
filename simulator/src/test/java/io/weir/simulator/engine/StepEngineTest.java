package io.weir.simulator.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.weir.simulator.engine.Runs.Heard;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

class StepEngineTest {

    private static final Offset<Double> EXACT = within(1e-5);

    // The 8B profile in milliseconds: 14 before the queue, then per step 6.68, 0.022 per sequence,
    // 0.00005 per token of context and 0.0208 per token of prefill.

    @Test
    void oneRequestTakesTheTimeOfTheFormula() {
        Runs runs = new Runs(Runs.quiet());
        Heard heard = runs.submit(1000, 50, 1);
        runs.time.run();
        assertThat(heard.complete).isTrue();
        assertThat(heard.tokens()).isEqualTo(50);
        assertThat(heard.firstMillis()).isCloseTo(14 + 6.68 + 0.022 + 20.8, EXACT);
        assertThat(heard.gapMillis(1)).isCloseTo(6.68 + 0.022 + 0.00005 * 1001, EXACT);
        assertThat(heard.gapMillis(49)).isCloseTo(6.68 + 0.022 + 0.00005 * 1049, EXACT);
    }

    @Test
    void longPromptIsPrefilledInChunksOfTheBudget() {
        Runs runs = new Runs(Runs.quiet());
        Heard heard = runs.submit(20_000, 1, 1);
        runs.time.run();
        assertThat(runs.engine.counters().steps()).isEqualTo(3);
        assertThat(heard.firstMillis()).isCloseTo(14 + 3 * 6.702 + 0.0208 * 20_000, EXACT);
    }

    @Test
    void prefillOfOneStretchesTheDecodingOfOthers() {
        Runs runs = new Runs(Runs.quiet());
        Heard first = runs.submit(16, 100, 1);
        runs.time.at(200_000_000, () -> runs.submit(8_000, 1, 2));
        runs.time.run();
        double longest = 0;
        for (int i = 1; i < first.tokens(); i++) {
            longest = Math.max(longest, first.gapMillis(i));
        }
        assertThat(longest).isBetween(150.0, 190.0);
    }

    @Test
    void secondPromptOfTheSameContentIsComputedFromItsLastBlockOn() {
        Runs runs = new Runs(Runs.quiet());
        runs.submit(1024, 1, 7);
        runs.time.run();
        Heard again = runs.submit(1024, 1, 7);
        runs.time.run();
        // All blocks but the last: one token at least is always computed.
        assertThat(again.task().cachedTokens()).isEqualTo(1008);
        assertThat(again.firstMillis()).isCloseTo(14 + 6.702 + 0.0208 * 16, EXACT);
        assertThat(runs.engine.counters().prefixHitTokens()).isEqualTo(1008);
        assertThat(runs.engine.counters().prefixQueryTokens()).isEqualTo(2048);
    }

    @Test
    void nextTurnFindsTheAnswerOfTheOneBefore() {
        Runs runs = new Runs(Runs.quiet());
        runs.submit(160, 161, 7);
        runs.time.run();
        Heard next = runs.submit(400, 1, 7);
        runs.time.run();
        assertThat(next.task().cachedTokens()).isEqualTo(320);
    }

    @Test
    void leastRecentlyUsedBlocksMakeRoom() {
        Runs runs = new Runs(Runs.quiet().withKvBlocks(20));
        for (long content : new long[] {1, 2, 1, 3}) {
            runs.submit(159, 1, content);
            runs.time.run();
        }
        Heard kept = runs.submit(159, 1, 1);
        runs.time.run();
        Heard evicted = runs.submit(159, 1, 2);
        runs.time.run();
        assertThat(kept.task().cachedTokens()).isEqualTo(144);
        assertThat(evicted.task().cachedTokens()).isZero();
    }

    @Test
    void newestSequenceIsPreemptedWhenTheCacheIsFullAndStartsOver() {
        Runs runs = new Runs(Runs.quiet().withKvBlocks(20).withPrefixCaching(false));
        Heard older = runs.submit(100, 100, 1);
        Heard newer = runs.submit(100, 100, 2);
        runs.time.run();
        assertThat(older.task().preemptions()).isZero();
        assertThat(newer.task().preemptions()).isPositive();
        assertThat(runs.engine.counters().preemptions()).isEqualTo(newer.task().preemptions());
        assertThat(older.tokens()).isEqualTo(100);
        assertThat(newer.tokens()).isEqualTo(100);
        assertThat(runs.engine.counters().prefillTokens()).isGreaterThan(200);
        assertThat(runs.engine.kvUsage()).isZero();
    }

    @Test
    void sequenceLongerThanTheWholeCacheIsRefused() {
        Runs runs = new Runs(Runs.quiet().withKvBlocks(10));
        assertThatThrownBy(() -> runs.submit(100, 61, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("161 tokens (expected: at most the KV cache's 160)");
    }

    @Test
    void oneMoreThanTheLimitWaits() {
        Runs runs = new Runs(Runs.quiet().withMaxSequences(2));
        Heard first = runs.submit(16, 10, 1);
        runs.submit(16, 10, 2);
        Heard third = runs.submit(16, 10, 3);
        runs.time.runUntil(30_000_000);
        assertThat(runs.engine.running()).isEqualTo(2);
        assertThat(runs.engine.waiting()).isEqualTo(1);
        runs.time.run();
        assertThat(third.task().admittedNanos()).isEqualTo(first.task().lastTokenNanos());
    }

    @Test
    void cancelledSequenceLeavesNothingBehind() {
        Runs runs = new Runs(Runs.quiet());
        Heard cancelled = runs.submit(1000, 1000, 1);
        Heard other = runs.submit(16, 100, 2);
        runs.time.at(100_000_000, () -> runs.engine.cancel(cancelled.task(), runs.time.nowNanos()));
        runs.time.run();
        assertThat(cancelled.complete).isFalse();
        assertThat(cancelled.task().state()).isEqualTo(EngineTask.State.CANCELLED);
        assertThat(other.complete).isTrue();
        assertThat(runs.engine.kvUsage()).isZero();
        assertThat(runs.engine.running()).isZero();
    }

    @Test
    void timeScaleAndSlownessStretchEverything() {
        Runs half = new Runs(Runs.quiet().scaled(0.5));
        Heard faster = half.submit(1000, 2, 1);
        half.time.run();
        assertThat(faster.firstMillis()).isCloseTo((14 + 6.702 + 20.8) / 2, EXACT);
        Runs slow = new Runs(Runs.quiet());
        slow.engine.slowDown(3);
        Heard slower = slow.submit(1000, 2, 1);
        slow.time.run();
        assertThat(slower.firstMillis()).isCloseTo((14 + 6.702 + 20.8) * 3, EXACT);
    }

    @Test
    void sameSeedGivesTheSameTimesAndAnotherSeedOthers() {
        assertThat(noisyTimes(5)).isEqualTo(noisyTimes(5)).isNotEqualTo(noisyTimes(6));
    }

    private static List<Long> noisyTimes(long seed) {
        Runs runs = new Runs(EngineProfile.LLAMA_8B_H100, 4, seed);
        List<Heard> all = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            int content = i;
            runs.time.at(i * 5_000_000L, () -> all.add(runs.submit(500, 50, content)));
        }
        runs.time.run();
        return all.stream().flatMap(heard -> heard.atNanos.stream()).toList();
    }
}
