package io.weir.picker.latency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

import java.util.Random;

/**
 * Walks worked out by hand. A step takes 10 ms, 0.1 ms for each sequence and 20 ms for each
 * thousand tokens of prompts; prompts take 5 ms into the queue. Times are in milliseconds from now.
 */
class StepWalkTest {

    private static final StepTimes TIMES = times(10, 0.1, 0, 0.02);
    private static final double ENTRY = 5;
    private static final Offset<Double> NEARLY = within(0.01);
    private static final long NOW = 1_000_000_000;
    private static final long MILLI = 1_000_000;

    private final ServerWork work = new ServerWork();
    private final StepWalk walk = new StepWalk();
    private int requests;

    @Test
    void anIdleServerBeginsWhenThePromptHasArrived() {
        assertThat(millis(1000)).isCloseTo(5 + 10 + 0.1 + 20, NEARLY);
    }

    @Test
    void anIdleServerWorksOutALongPromptInSeveralSteps() {
        double full = 10 + 0.1 + 20 * 8.192;
        double rest = 10 + 0.1 + 20 * (10 - 8.192);

        assertThat(millis(10_000)).isCloseTo(5 + full + rest, NEARLY);
    }

    @Test
    void aPromptWaitsForTheStepThatRunsWhenItArrives() {
        // Steps of 11 ms end at -4, 7 and so on.
        decoding(10, -4);

        assertThat(millis(1000)).isCloseTo(7 + 10 + 1.1 + 20, NEARLY);
    }

    @Test
    void silentStepsGoOnAfterTheLastThatWasHeardOf() {
        // 100 steps of 11 ms have ended since, at -4 the last one.
        decoding(10, -4 - 1100);

        assertThat(millis(1000)).isCloseTo(7 + 10 + 1.1 + 20, NEARLY);
    }

    @Test
    void aPromptThatArrivedBeforeTheLastStepEndedIsInTheRunningOne() {
        decoding(10, -4);
        sent(500, -20);

        // That one ends at -4 + 10 + 1.1 + 10 and answers, so that there are 11 others then.
        assertThat(millis(1000)).isCloseTo(17.1 + 10 + 1.2 + 20, NEARLY);
    }

    @Test
    void aPromptOnItsWayIsWorkedOutInTheSameStepAsTheOwn() {
        decoding(10, -4);
        sent(500, -2);

        assertThat(millis(1000)).isCloseTo(7 + 10 + 1.2 + 30, NEARLY);
    }

    @Test
    void aStepThatShouldHaveAnsweredBeforeNowIsTakenToEndNow() {
        decoding(10, -100);
        sent(500, -120);

        // The prompt arrives at 5, in the silent step of 11.1 ms that begins now.
        assertThat(millis(1000)).isCloseTo(11.1 + 10 + 1.2 + 20, NEARLY);
    }

    @Test
    void aSlowServerTakesLongerForEachStep() {
        decoding(10, -4);

        begin(1000);

        // Steps of 22 ms end at -4 and 18.
        assertThat(walk.millis(TIMES, 2, ENTRY, 100)).isCloseTo(18 + 2 * 31.1, NEARLY);
    }

    @Test
    void promptsWaitUntilASequenceEndsWhereAllSlotsAreTaken() {
        decoding(50, -4);
        for (int i = 0; i < 10; i++) {
            work.scraped(i, 50, 3);
        }

        begin(1000);

        // Answers of 200 tokens: in each step of 15 ms a quarter of a sequence ends, and the usual
        // number after three of them is ⌊3/4 + 1/3⌋.
        assertThat(walk.millis(TIMES, 1, ENTRY, 200)).isCloseTo(-4 + 3 * 15 + 10 + 5 + 20, NEARLY);
    }

    @Test
    void sequencesEndInStepsInWhichSlotsAreLeft() {
        decoding(46, -4);
        for (int i = 0; i < 3; i++) {
            sent(100, -20);
        }
        sent(100, -2);
        sent(100, -2);
        for (int i = 0; i < 10; i++) {
            work.scraped(i, 50, 3);
        }

        begin(1000);

        // Answers of 50 tokens: of 49 sequences one ends with the first step, so that both prompts
        // get a slot, and one of 50 with the second, whose slot is the own prompt's.
        double first = 10 + 4.9 + 6;
        double second = 10 + 5 + 4;
        assertThat(walk.millis(TIMES, 1, ENTRY, 50))
                .isCloseTo(-4 + first + second + 10 + 5 + 20, NEARLY);
    }

    @Test
    void isEqualWhateverWasWalkedBefore() {
        decoding(10, -4);
        sent(500, -20);
        double first = millis(1000);
        walk.millis(TIMES, 3, 80, 100);

        assertThat(walk.millis(TIMES, 1, ENTRY, 100)).isEqualTo(first);
    }

    @Test
    void endsEvenWhereNothingWouldEver() {
        decoding(5, -4);
        for (int i = 0; i < 10; i++) {
            work.scraped(i, 5, 3);
        }
        begin(1000);

        assertThat(walk.millis(TIMES, 1, ENTRY, Double.MAX_VALUE)).isFinite();
        assertThat(walk.millis(new StepTimes(), 1, ENTRY, 100)).isFinite();
    }

    private void decoding(int sequences, double lastEndMillis) {
        requests += sequences;
        work.ended(requests, 0, at(lastEndMillis));
    }

    private void sent(long tokens, double millis) {
        requests++;
        work.sent(tokens, requests, 0, at(millis));
    }

    private double millis(long tokens) {
        begin(tokens);
        return walk.millis(TIMES, 1, ENTRY, 100);
    }

    private void begin(long tokens) {
        walk.begin(work, tokens, requests, 0, NOW);
    }

    private static StepTimes times(
            double base, double perSequence, double perCache, double perToken) {
        StepTimes times = new StepTimes();
        float[] x = new float[StepTimes.SIZE];
        Random random = new Random(1);
        for (int i = 0; i < 500; i++) {
            int sequences = random.nextInt(100);
            double cache = random.nextDouble();
            int tokens = random.nextInt(2_000);
            StepTimes.fill(x, sequences, cache, tokens);
            times.learn(
                    x, base + perSequence * sequences + perCache * cache + perToken * tokens, 1);
        }
        return times;
    }

    private static long at(double millis) {
        return NOW + Math.round(millis * MILLI);
    }
}
