package io.weir.simulator.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.simulator.engine.Runs.Heard;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Whatever comes, every token comes out once and every block and slot is given back. */
class ConservationTest {

    private static final int SEQUENCES = 400;

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void nothingIsLostUnderPressure(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        EngineProfile profile =
                seed % 2 == 0
                        ? EngineProfile.LLAMA_8B_H100
                        : EngineProfile.INSTANT.withLatency(PacedLatency.constant(40e6, 5e6));
        Runs runs = new Runs(profile.withKvBlocks(200).withMaxSequences(24), 2, seed);
        List<Heard> kept = new ArrayList<>();
        long at = 0;
        for (int i = 0; i < SEQUENCES; i++) {
            EngineRequest request = request(runs, random);
            long leavesAfter = random.nextInt(5) == 0 ? random.nextLong(500_000_000) : -1;
            at += random.nextLong(4_000_000);
            runs.time.at(at, () -> submit(runs, request, leavesAfter, kept));
        }
        runs.time.run();
        assertThat(kept).hasSizeGreaterThan(SEQUENCES / 2);
        for (Heard heard : kept) {
            assertThat(heard.complete).isTrue();
            assertThat(heard.tokens()).isEqualTo(heard.task().request().outputTokens());
        }
        assertThat(runs.engine.running()).isZero();
        assertThat(runs.engine.waiting()).isZero();
        assertThat(runs.engine.kvUsage()).isZero();
        assertThat(runs.engine.counters().busyNanos()).isLessThanOrEqualTo(runs.time.nowNanos());
        runs.engine.forget();
        assertThat(runs.engine.residentAdapters()).isEmpty();
    }

    private static void submit(
            Runs runs, EngineRequest request, long leavesAfter, List<Heard> kept) {
        Heard heard = runs.submit(request);
        if (leavesAfter < 0) {
            kept.add(heard);
            return;
        }
        runs.time.at(
                runs.time.nowNanos() + leavesAfter,
                () -> runs.engine.cancel(heard.task(), runs.time.nowNanos()));
    }

    private static EngineRequest request(Runs runs, SplittableRandom random) {
        int adapter = random.nextInt(5);
        return runs.request(
                random.nextInt(1, 1500),
                random.nextInt(1, 300),
                random.nextInt(20),
                adapter < 3 ? "adapter-" + adapter : null);
    }
}
