package io.weir.simulator.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

class EngineTest {

    private static final EngineProfile QUIET =
            new EngineProfile("quiet", 6e6, 20e3, 50, 20e3, 14e6, 100_000, 256, 8192, 50e6, 0);

    private static final class Recorder implements Sequence.TokenSink {
        private final List<Long> times = new ArrayList<>();
        private boolean refused;

        @Override
        public void token(Sequence sequence, long nowNanos, boolean last) {
            times.add(nowNanos);
        }

        @Override
        public void refused(Sequence sequence) {
            refused = true;
        }

        double ttftMillis() {
            return times.getFirst() / 1e6;
        }

        double tpotMillis() {
            return (times.getLast() - times.getFirst()) / 1e6 / (times.size() - 1);
        }
    }

    private static void runToEnd(Engine engine) {
        long now = 0;
        for (long end = engine.beginStep(now); end != Engine.IDLE; end = engine.beginStep(now)) {
            engine.endStep(end);
            now = end;
        }
    }

    private static Sequence sequence(
            int prompt, int output, @Nullable String adapter, Recorder sink, int salt) {
        int[] tokens = IntStream.range(0, prompt).map(i -> i * 7 + salt).toArray();
        return new Sequence(Engine.blockHashes(tokens, 1), prompt, output, adapter, sink);
    }

    @Test
    void aLoneRequestTakesWhatTheFormulaSays() {
        // Given
        var engine = new Engine(QUIET, 4, 1);
        var sink = new Recorder();

        // When
        engine.submit(sequence(1000, 101, null, sink, 0), 0);
        runToEnd(engine);

        // Then
        double prefill = 14 + 6 + 0.02 + 1000 * 0.020;
        double decode = 6 + 0.02 + 50e-6 * (1001 + 1100) / 2;
        assertThat(sink.ttftMillis()).isCloseTo(prefill, within(0.001));
        assertThat(sink.tpotMillis()).isCloseTo(decode, within(0.01));
        assertThat(sink.times).hasSize(101);
    }

    @Test
    void aLongPromptIsComputedInChunksOfTheTokenBudget() {
        // Given
        var engine = new Engine(QUIET, 4, 1);
        var sink = new Recorder();

        // When
        engine.submit(sequence(20_000, 2, null, sink, 0), 0);
        runToEnd(engine);

        // Then
        assertThat(sink.ttftMillis()).isCloseTo(14 + 3 * 6.02 + 20_000 * 0.020, within(0.001));
    }

    @Test
    void theSamePrefixIsComputedOnlyOnce() {
        // Given
        var engine = new Engine(QUIET, 4, 1);
        var first = new Recorder();
        var second = new Recorder();
        engine.submit(sequence(1600, 2, null, first, 0), 0);
        runToEnd(engine);

        // When
        Sequence again = sequence(1600, 2, null, second, 0);
        engine.submit(again, 0);
        runToEnd(engine);

        // Then
        assertThat(again.cachedTokens()).isEqualTo(1599);
        assertThat(second.ttftMillis()).isLessThan(first.ttftMillis() - 30);
        assertThat(engine.stats().prefixHitTokens()).isEqualTo(1599);
    }

    @Test
    void decodesOfManySequencesShareEachStep() {
        // Given
        var engine = new Engine(QUIET, 4, 1);
        List<Recorder> sinks = new ArrayList<>();

        // When
        for (int i = 0; i < 100; i++) {
            var sink = new Recorder();
            sinks.add(sink);
            engine.submit(sequence(160, 50, null, sink, i * 100_000), 0);
        }
        runToEnd(engine);

        // Then
        double alone = 6 + 0.02 + 50e-6 * 185;
        assertThat(sinks.getFirst().tpotMillis()).isGreaterThan(alone + 100 * 0.02 * 0.9);
        assertThat(sinks).allSatisfy(sink -> assertThat(sink.times).hasSize(50));
    }

    @Test
    void aFullCachePreemptsTheNewestAndStillFinishesEverything() {
        // Given: room for about two of the four sequences at their full length.
        EngineProfile small = QUIET.withLimits(2_200, 256);
        var engine = new Engine(small, 4, 1);
        List<Recorder> sinks = new ArrayList<>();

        // When
        for (int i = 0; i < 4; i++) {
            var sink = new Recorder();
            sinks.add(sink);
            engine.submit(sequence(500, 400, null, sink, i * 100_000), 0);
        }
        runToEnd(engine);

        // Then
        assertThat(engine.stats().preemptions()).isPositive();
        assertThat(sinks).allSatisfy(sink -> assertThat(sink.times).hasSize(400));
        assertThat(engine.stats().kvCacheUsage()).isZero();
    }

    @Test
    void aRequestThatCanNeverFitIsRefused() {
        // Given
        var engine = new Engine(QUIET.withLimits(1_000, 8), 4, 1);
        var sink = new Recorder();

        // When
        engine.submit(sequence(2_000, 1, null, sink, 0), 0);

        // Then
        assertThat(sink.refused).isTrue();
        assertThat(engine.beginStep(0)).isEqualTo(Engine.IDLE);
    }

    @Test
    void anAdapterIsLoadedOnFirstUseAndWaitsForASlotWhenAllAreBusy() {
        // Given
        var engine = new Engine(QUIET, 1, 1);
        var a = new Recorder();
        var b = new Recorder();
        var c = new Recorder();

        // When
        engine.submit(sequence(160, 20, "a", a, 0), 0);
        engine.submit(sequence(160, 20, "b", b, 1_000_000), 0);
        engine.submit(sequence(160, 20, null, c, 2_000_000), 0);
        runToEnd(engine);

        // Then
        assertThat(a.ttftMillis()).isGreaterThan(14 + 50);
        assertThat(b.times.getFirst()).isGreaterThan(a.times.getLast() + 50_000_000L);
        assertThat(c.ttftMillis()).isLessThan(30);
        assertThat(engine.stats().adapterLoads()).isEqualTo(2);
    }

    @Test
    void aCancelledRequestLeavesNothingBehind() {
        // Given
        var engine = new Engine(QUIET, 4, 1);
        var sink = new Recorder();
        Sequence sequence = sequence(160, 1000, "a", sink, 0);
        engine.submit(sequence, 0);
        long now = 0;
        for (int i = 0; i < 10; i++) {
            now = engine.beginStep(now);
            engine.endStep(now);
        }

        // When
        engine.cancel(sequence);

        // Then
        int tokens = sink.times.size();
        assertThat(engine.beginStep(now)).isEqualTo(Engine.IDLE);
        assertThat(sink.times).hasSize(tokens);
        assertThat(engine.stats().kvCacheUsage()).isZero();
        assertThat(engine.stats().runningAdapters()).isEmpty();
    }

    @Test
    void theSameSeedGivesTheSameTimes() {
        assertThat(noisyTimes(7)).isEqualTo(noisyTimes(7));
        assertThat(noisyTimes(7)).isNotEqualTo(noisyTimes(8));
    }

    private static List<Long> noisyTimes(long seed) {
        var engine = new Engine(EngineProfile.LLAMA_8B_H100, 4, seed);
        var sink = new Recorder();
        engine.submit(sequence(300, 50, null, sink, 0), 0);
        runToEnd(engine);
        return sink.times;
    }
}
