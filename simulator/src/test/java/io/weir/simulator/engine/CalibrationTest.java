package io.weir.simulator.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.weir.simulator.engine.Runs.Heard;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * The 8B profile against published measurements of vLLM 0.11 on one H100: prompts of about 204
 * tokens, answers of 63, prefix cache off, at most 128 sequences.
 */
class CalibrationTest {

    private static final int PROMPT = 204;
    private static final int OUTPUT = 63;
    private static final double SECONDS = 30;

    @ParameterizedTest(name = "{0} requests/s: {1} ms")
    @CsvSource({"1, 7.1", "31, 8.2", "62, 10.2", "92, 15.4"})
    void timePerOutputTokenIsWithinFifteenPercent(double perSecond, double millis) {
        List<Heard> all = offered(perSecond);
        double mean = all.stream().mapToDouble(Heard::meanGapMillis).average().orElseThrow();
        assertThat(mean).isCloseTo(millis, within(0.15 * millis));
    }

    @Test
    void saturatedThroughputIsWithinFifteenPercent() {
        List<Heard> all = offered(150);
        long end = all.stream().mapToLong(h -> h.atNanos.getLast()).max().orElseThrow();
        double tokensPerSecond = (double) all.size() * OUTPUT / (end / 1e9);
        assertThat(tokensPerSecond).isCloseTo(6_300, within(0.15 * 6_300));
    }

    private static List<Heard> offered(double perSecond) {
        EngineProfile profile =
                EngineProfile.LLAMA_8B_H100.withMaxSequences(128).withPrefixCaching(false);
        Runs runs = new Runs(profile);
        SplittableRandom random = new SplittableRandom(42);
        List<Heard> all = new ArrayList<>();
        double at = 0;
        for (int i = 0; at < SECONDS; i++) {
            int content = i;
            runs.time.at((long) (at * 1e9), () -> all.add(runs.submit(PROMPT, OUTPUT, content)));
            at += random.nextExponential() / perSecond;
        }
        runs.time.run();
        return all;
    }
}
