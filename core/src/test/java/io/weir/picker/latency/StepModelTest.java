package io.weir.picker.latency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.weir.picker.latency.ServerWork.Mark;

import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

import java.util.Random;

/**
 * Steps of 7 ms, 0.02 ms for each sequence, 20 ms for a full KV cache and 20 ms for a thousand
 * tokens of prompts.
 */
class StepModelTest {

    private static final Percentage CLOSE = Percentage.withPercentage(5);

    private final StepModel model = new StepModel();
    private final ServerPace pace = new ServerPace();
    private final StepWalk walk = new StepWalk();
    private final StepOutlook outlook = new StepOutlook();
    private final Random random = new Random(3);

    @Test
    void knowsNothingAtTheBeginning() {
        assertThat(model.isKnown()).isFalse();
        assertThat(model.guess(walk, outlook, pace, 1)).isEqualTo(StepGuess.NONE);
    }

    @Test
    void learnsHowLongStepsTakeFromFewHundredAnswers() {
        answers(500, pace, 1);

        assertThat(idle(pace, 1_000)).isCloseTo(10 + 7 + 0.02 + 20, CLOSE);
        assertThat(idle(pace, 8_000)).isCloseTo(10 + 7 + 0.02 + 160, CLOSE);
    }

    @Test
    void learnsThatOneServerIsThreeTimesAsSlow() {
        ServerPace slow = new ServerPace();
        for (int i = 0; i < 1_000; i++) {
            answers(1, pace, 1);
            answers(1, slow, 3);
        }

        assertThat(idle(pace, 8_000)).isCloseTo(177, CLOSE);
        assertThat(idle(slow, 8_000)).isCloseTo(3 * 177, CLOSE);
    }

    @Test
    void tellsTheTimePerTokenOfEachServer() {
        ServerPace slow = new ServerPace();
        for (int i = 0; i < 1_000; i++) {
            answers(1, pace, 1);
            answers(1, slow, 3);
        }

        assertThat(perToken(pace)).isCloseTo(7.02, CLOSE);
        assertThat(perToken(slow)).isCloseTo(3 * 7.02, CLOSE);
    }

    @Test
    void learnsNothingFromAnswersOfFewTokens() {
        for (int i = 0; i < 500; i++) {
            model.learn(pace, new Mark(0, 0, 0, 0, 0, 0), new Mark(1_000_000, 0, 0, 0, 0, 0), 3);
        }

        assertThat(model.isKnown()).isFalse();
    }

    @Test
    void learnsNothingFromAnAnswerThatCameAllAtOnce() {
        for (int i = 0; i < 500; i++) {
            model.learn(pace, new Mark(5, 0, 0, 0, 0, 0), new Mark(5, 0, 0, 0, 0, 0), 100);
        }

        assertThat(model.isKnown()).isFalse();
    }

    @Test
    void findsTheWayIntoTheQueueAndTellsItsError() {
        answers(500, pace, 1);
        for (int i = 0; i < 2_000; i++) {
            walk.begin(new ServerWork(), 500, 0, 0, 0);
            double noise = Math.exp(0.1 * random.nextGaussian());
            model.learn(model.guess(walk, outlook, pace, 1), 40 * noise + 17);
        }

        assertThat(idle(pace, 500)).isCloseTo(57, CLOSE);
        assertThat(model.error()).isLessThan(0.1);
    }

    @Test
    void aGuessThatWasNoneIsNotJudged() {
        model.learn(StepGuess.NONE, 50);

        assertThat(model.error()).isCloseTo(1, within(0.0));
    }

    private double idle(ServerPace server, long tokens) {
        walk.begin(new ServerWork(), tokens, 0, 0, 0);
        return model.ttftMillis(walk, server);
    }

    private double perToken(ServerPace server) {
        outlook.begin(server.work(), 0, 0, 0);
        return model.tokenMillis(outlook, server);
    }

    /** Answers while the server has other things to do, as many of them as it happens to have. */
    private void answers(int count, ServerPace server, double slowness) {
        for (int i = 0; i < count; i++) {
            int steps = random.nextInt(50, 500);
            int sequences = random.nextInt(1, 100);
            double cache = random.nextDouble();
            long tokens = random.nextLong(40_000);
            double millis = steps * (7 + 0.02 * sequences + 20 * cache) + 0.02 * tokens;
            double noise = Math.exp(0.01 * random.nextGaussian());
            long nanos = Math.round(1e6 * slowness * millis * noise);
            Mark last = new Mark(nanos, sequences * nanos, Math.round(cache * nanos), tokens, 0, 0);
            model.learn(server, new Mark(0, 0, 0, 0, 0, 0), last, steps);
        }
    }
}
