package io.weir.simulator.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.weir.simulator.engine.Runs.Heard;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

class PacedEngineTest {

    private static final Offset<Double> EXACT = within(1e-5);

    private static EngineProfile paced(PacedLatency latency) {
        return EngineProfile.INSTANT.withLatency(latency);
    }

    @Test
    void everySequenceKeepsTheConstantPace() {
        Runs runs = new Runs(paced(PacedLatency.constant(50e6, 10e6)));
        List<Heard> all = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            all.add(runs.submit(1000, 11, i));
        }
        runs.time.run();
        for (Heard heard : all) {
            assertThat(heard.firstMillis()).isCloseTo(50, EXACT);
            assertThat(heard.meanGapMillis()).isCloseTo(10, EXACT);
            assertThat(heard.tokens()).isEqualTo(11);
        }
    }

    @Test
    void prefillPaysForUncachedTokensOnly() {
        PacedLatency latency = new PacedLatency(0, 0, 5e6, 10_000, 0, 1e6, 0, 1, 0);
        Runs runs = new Runs(paced(latency));
        Heard cold = runs.submit(1024, 1, 3);
        runs.time.run();
        Heard warm = runs.submit(1024, 1, 3);
        runs.time.run();
        assertThat(cold.firstMillis()).isCloseTo(5 + 10.24, EXACT);
        assertThat(warm.firstMillis()).isCloseTo(5 + 0.16, EXACT);
    }

    @Test
    void fullServerIsSlowerByItsFactor() {
        PacedLatency latency = new PacedLatency(100e6, 0, 0, 0, 0, 10e6, 0, 3, 0);
        Runs runs = new Runs(paced(latency).withMaxSequences(2));
        Heard first = runs.submit(16, 2, 1);
        Heard second = runs.submit(16, 2, 2);
        runs.time.run();
        assertThat(first.firstMillis()).isCloseTo(100, EXACT);
        assertThat(second.firstMillis()).isCloseTo(300, EXACT);
    }

    @Test
    void deviationStaysWithinItsBounds() {
        PacedLatency latency = new PacedLatency(100e6, 30e6, 0, 0, 0, 0, 0, 1, 0);
        Runs runs = new Runs(paced(latency));
        List<Double> times = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            Heard heard = runs.submit(16, 1, i);
            runs.time.run();
            times.add(heard.firstMillis());
        }
        assertThat(times).allSatisfy(millis -> assertThat(millis).isBetween(30.0, 170.0));
        double mean = times.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
        assertThat(mean).isCloseTo(100, within(5.0));
    }

    @Test
    void instantServerAnswersWithoutTimePassing() {
        Runs runs = new Runs(EngineProfile.INSTANT);
        Heard heard = runs.submit(10_000, 1000, 1);
        runs.time.run();
        assertThat(heard.complete).isTrue();
        assertThat(heard.tokens()).isEqualTo(1000);
        assertThat(runs.time.nowNanos()).isZero();
        assertThat(runs.engine.kvUsage()).isZero();
    }

    @Test
    void whoFindsNoRoomInTheCacheWaits() {
        Runs runs = new Runs(paced(PacedLatency.constant(10e6, 10e6)).withKvBlocks(10));
        Heard first = runs.submit(80, 20, 1);
        Heard second = runs.submit(80, 20, 2);
        runs.time.run();
        assertThat(second.task().admittedNanos()).isEqualTo(first.task().lastTokenNanos());
        assertThat(second.tokens()).isEqualTo(20);
    }
}
