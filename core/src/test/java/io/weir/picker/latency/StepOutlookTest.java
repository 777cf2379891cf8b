package io.weir.picker.latency;

import static org.assertj.core.api.Assertions.assertThat;

import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

import java.util.Random;

/**
 * Steps of 10 ms, 0.1 ms for each sequence, 20 ms for a full KV cache and 20 ms for a thousand
 * tokens of prompts; a sequence takes 0.2 % of the KV cache.
 */
class StepOutlookTest {

    private static final Percentage CLOSE = Percentage.withPercentage(2);
    private static final double CACHE_OF_ONE = 0.002;
    private static final double ANSWER = 200;

    private final StepTimes times = times();
    private final ServerWork work = new ServerWork();
    private final StepOutlook outlook = new StepOutlook();
    private long now;

    @Test
    void withNothingElseToDoAStepIsThatOfOneSequence() {
        outlook.begin(work, 0, 0, 0);

        assertThat(outlook.millis(times, 1, ANSWER)).isCloseTo(10.1, CLOSE);
    }

    @Test
    void aServerThatDoesAsItDidGoesOnSo() {
        // 50 sequences at 17 ms: as many end as come, 50/200 in each step.
        arrive(1000 * 17 / (50 / ANSWER), 0, 50);

        assertThat(millis(50)).isCloseTo(10 + 5 + 2, CLOSE);
    }

    @Test
    void promptsLeaveLessOfTheTimeForTokens() {
        // 10,000 tokens per second take 200 ms of each.
        arrive(100_000, 1_000, 20);

        assertThat(millis(20)).isCloseTo(steps(20, 0.01, 0.2, ANSWER), CLOSE);
        assertThat(millis(20)).isGreaterThan(1.2 * (10 + 2 + 0.8));
    }

    @Test
    void sequencesThatComeMakeStepsLongerAndThatMakesThemMore() {
        arrive(50_000, 0, 20);

        double expected = steps(20, 0.02, 0, ANSWER);
        assertThat(expected).isGreaterThan(1.1 * (10 + 2 + 0.8));
        assertThat(millis(20)).isCloseTo(expected, CLOSE);
    }

    @Test
    void sequencesThatEndMakeStepsShorter() {
        arrive(2_000_000, 0, 200);

        double expected = steps(200, 0.0005, 0, ANSWER);
        assertThat(expected).isLessThan(0.9 * (10 + 20 + 8));
        assertThat(millis(200)).isCloseTo(expected, CLOSE);
    }

    @Test
    void thereAreNeverMoreSequencesThanSlots() {
        for (int i = 0; i < 10; i++) {
            work.scraped(i, 30, 100);
        }
        arrive(20_000, 0, 40);

        assertThat(outlookOf(40, 0)).isCloseTo(10 + 3, CLOSE);
    }

    @Test
    void whatComesUnseenComesLikeWhatIsSeen() {
        arrive(100_000, 0, 10);

        assertThat(millis(20)).isCloseTo(steps(20, 0.02, 0, ANSWER), CLOSE);
    }

    @Test
    void aSlowServerTakesLongerForAllOfIt() {
        arrive(100_000, 500, 20);

        outlook.begin(work, 19, 20 * CACHE_OF_ONE, now);
        double once = outlook.millis(times, 1, ANSWER);
        assertThat(outlook.millis(times, 3, ANSWER)).isGreaterThan(3.3 * once);
    }

    @Test
    void morePromptsThanTheServerCanWorkOutGiveATimeNevertheless() {
        arrive(1_000, 8_000, 100);

        assertThat(millis(100)).isPositive().isFinite();
    }

    /** Goes through the steps of a usual answer one by one. */
    private static double steps(
            double sequences, double perMilli, double prefill, double answerTokens) {
        int count = (int) Math.round(Math.log(2) * answerTokens);
        double now = sequences;
        double sum = 0;
        for (int i = 0; i < count; i++) {
            double step = (10 + 0.1 * now + 20 * CACHE_OF_ONE * now) / (1 - prefill);
            sum += step;
            now += perMilli * step - now / answerTokens;
        }
        return sum / count;
    }

    private double millis(int requests) {
        return outlookOf(requests, requests * CACHE_OF_ONE);
    }

    private double outlookOf(int requests, double kvUsage) {
        outlook.begin(work, requests - 1, kvUsage, now);
        return outlook.millis(times, 1, ANSWER);
    }

    /**
     * Lets requests come for two minutes.
     *
     * @param microsBetween between two of them
     * @param stay how many of the last are there at the end
     */
    private void arrive(double microsBetween, long tokens, int stay) {
        int count = (int) Math.round(120e6 / microsBetween);
        for (int i = 0; i < count; i++) {
            now = Math.round(i * microsBetween * 1000);
            long prompt = work.sent(tokens, 1, 0, now);
            if (i < count - stay) {
                work.gone(prompt);
            }
        }
    }

    private static StepTimes times() {
        StepTimes times = new StepTimes();
        float[] x = new float[StepTimes.SIZE];
        Random random = new Random(1);
        for (int i = 0; i < 500; i++) {
            int sequences = random.nextInt(100);
            double cache = random.nextDouble();
            int tokens = random.nextInt(2_000);
            StepTimes.fill(x, sequences, cache, tokens);
            times.learn(x, 10 + 0.1 * sequences + 20 * cache + 0.02 * tokens, 1);
        }
        return times;
    }
}
