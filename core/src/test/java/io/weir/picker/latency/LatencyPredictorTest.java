package io.weir.picker.latency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.weir.picker.latency.ServerWork.Mark;

import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;

class LatencyPredictorTest {

    private final LatencyPredictor predictor = new LatencyPredictor();
    private final ServerPace pace = new ServerPace();
    private final Random random = new Random(11);
    private final float[] x = new float[LatencyFeatures.SIZE];

    @Test
    void knowsNothingAtTheBeginning() {
        assertThat(predictor.knowsTtft()).isFalse();
        assertThat(predictor.knowsTpot()).isFalse();
    }

    @Test
    void predictsTtftWithinATenthAfterTwoThousandRequests() {
        for (int i = 0; i < 2_000; i++) {
            learnTtft(pace, 1);
        }

        assertThat(medianError(pace, 1)).isLessThan(0.1);
        assertThat(predictor.knowsTtft()).isTrue();
        assertThat(predictor.ttftError()).isCloseTo(medianError(pace, 1), within(0.05));
    }

    @Test
    void learnsThatOneServerIsThreeTimesAsSlow() {
        ServerPace slow = new ServerPace();
        for (int i = 0; i < 2_000; i++) {
            learnTtft(i % 4 == 0 ? slow : pace, i % 4 == 0 ? 3 : 1);
        }

        assertThat(medianError(pace, 1)).isLessThan(0.1);
        assertThat(medianError(slow, 3)).isLessThan(0.1);
    }

    @Test
    void tellsWhatNineOfTenRequestsStayBelow() {
        for (int i = 0; i < 6_000; i++) {
            learnTtft(pace, 1);
        }

        int below = 0;
        for (int i = 0; i < 2_000; i++) {
            double measured = request(1);
            double limit = predictor.ttftMillis(x, pace) * predictor.ttftFactorForMany();
            below += measured <= limit ? 1 : 0;
        }
        assertThat(below).isBetween(1_700, 1_900);
    }

    @Test
    void isNotThrownOffByFewRequestsThatTookMinutes() {
        for (int i = 0; i < 3_000; i++) {
            learnTtft(pace, 1);
            if (i % 100 == 99) {
                predictor.learnTtft(x, pace, 120_000);
            }
        }

        assertThat(medianError(pace, 1)).isLessThan(0.12);
    }

    @Test
    void doesNotTrustItselfWhenNothingCanBePredicted() {
        for (int i = 0; i < 2_000; i++) {
            request(1);
            predictor.learnTtft(x, pace, Math.exp(12 * random.nextDouble()));
        }

        assertThat(predictor.knowsTtft()).isFalse();
    }

    @Test
    void ignoresTimesThatAreNone() {
        request(1);
        predictor.learnTpot(x, pace, 0);
        predictor.learnTpot(x, pace, -1);
        predictor.learnTpot(x, pace, Double.NaN);

        assertThat(predictor.tpotMillis(x, pace)).isPositive().isFinite();
    }

    @Test
    void goesByStepsOnceTheyTellTheTimeToTheFirstTokenBetter() {
        for (int i = 0; i < 200; i++) {
            learnSteps();
            learnTtft(pace, 1);
        }
        assertThat(predictor.goesBySteps()).isFalse();

        learnTtftWithGuessesThatAreOffBy(0.02);

        assertThat(predictor.goesBySteps()).isTrue();
        assertThat(predictor.ttftError()).isLessThan(0.05);

        learnTtftWithGuessesThatAreOffBy(0.5);

        assertThat(predictor.goesBySteps()).isFalse();
        assertThat(predictor.ttftError()).isLessThan(0.15);
    }

    private void learnTtftWithGuessesThatAreOffBy(double error) {
        for (int i = 0; i < 500; i++) {
            double measured = request(1);
            double guessed = measured * (1 + error);
            predictor.learnTtft(x, pace, guess(guessed, 1, 1), measured);
        }
    }

    @Test
    void looksAheadUnlessThatIsClearlyWorse() {
        for (int i = 0; i < 200; i++) {
            learnSteps();
        }
        assertThat(predictor.looksAhead()).isFalse();

        learnTpot(9, 11);

        assertThat(predictor.looksAhead()).isTrue();
        assertThat(predictor.tpotError()).isLessThan(0.05);
        StepOutlook outlook = new StepOutlook();
        outlook.begin(pace.work(), 0, 0, 0);
        double line = predictor.tpotMillis(x, pace);
        assertThat(line).isCloseTo(10, within(0.5));
        assertThat(predictor.tpotMillis(x, outlook, pace)).isCloseTo(8.5, within(0.3));

        learnTpot(10.5, 20);

        assertThat(predictor.looksAhead()).isFalse();
        assertThat(predictor.tpotError()).isLessThan(0.05);
    }

    /** Answers of 10 ms per token. */
    private void learnTpot(double line, double outlook) {
        for (int i = 0; i < 500; i++) {
            request(1);
            predictor.learnTpot(x, pace, guess(1, outlook, line), 10);
        }
    }

    /** Steps take 7 ms. */
    private void learnSteps() {
        Mark first = new Mark(0, 0, 0, 0, 0, 0);
        predictor.learnSteps(pace, first, new Mark(700_000_000, 0, 0, 0, 0, 0), 100);
    }

    private static StepGuess guess(double millis, double tokenMillis, double lineTokenMillis) {
        return new StepGuess(millis, millis, true, millis, true, tokenMillis, lineTokenMillis);
    }

    @Test
    void rateOfPromptTokensFadesWithinSeconds() {
        long second = TimeUnit.SECONDS.toNanos(1);
        for (int i = 0; i < 30; i++) {
            pace.sent(2_000, i * second);
        }

        assertThat(pace.tokensPerSecond(30 * second)).isCloseTo(2_000, within(300.0));
        assertThat(pace.tokensPerSecond(60 * second)).isLessThan(10);
    }

    private void learnTtft(ServerPace server, double slowness) {
        double measured = request(slowness);
        predictor.learnTtft(x, server, measured);
    }

    /** Makes up a request, and returns its milliseconds to the first token. */
    private double request(double slowness) {
        long own = (long) Math.exp(6.6 + random.nextGaussian());
        long before = random.nextInt(3) * 1_000L;
        int requests = random.nextInt(40);
        LatencyFeatures.fill(x, own, own, before, requests, 0, requests / 100.0, 2_000);
        double exact = 14 + 7 + 0.02 * (own + before) + 0.1 * requests;
        return slowness * exact * Math.exp(0.1 * random.nextGaussian());
    }

    private double medianError(ServerPace server, double slowness) {
        double[] errors = new double[1_001];
        for (int i = 0; i < errors.length; i++) {
            double measured = request(slowness);
            errors[i] = Math.abs(predictor.ttftMillis(x, server) - measured) / measured;
        }
        Arrays.sort(errors);
        return errors[errors.length / 2];
    }
}
