package io.weir.picker.latency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

/** A server whose steps take 10 ms; an answer begins with every tenth. */
class AnswerLengthTest {

    private static final double STEP_MILLIS = 10;
    private static final long STEP_NANOS = 10_000_000;

    private final AnswerLength length = new AnswerLength();
    private final ServerWork work = new ServerWork();
    private final List<Integer> left = new ArrayList<>();
    private long now;
    private int steps;

    @Test
    void isTheMeanOfAnswersOnceAsManyEndAsBegin() {
        steps(30_000, 40, 400);

        assertThat(length.tokens()).isCloseTo(220, Percentage.withPercentage(5));
    }

    @Test
    void answersThatAreStillPutOutCountBeforeTheyEnd() {
        // Only the short ones have ended, while 5 of them and up to 50 long ones were under way.
        steps(1_000, 50, 50_000);

        assertThat(length.tokens()).isGreaterThan(400);
    }

    @Test
    void endsThatNobodyLearnedFromAreCounted() {
        begun();
        length.learn(work, work.ended(0, 0, 0), STEP_MILLIS);
        for (int i = 0; i < 2_000; i++) {
            // Two answers of 100 steps at a time; the end of one of them is missed.
            begun();
            begun();
            now += 100 * STEP_NANOS;
            work.ended(1, 0, now);
            length.learn(work, work.ended(0, 0, now), STEP_MILLIS);
        }

        assertThat(length.tokens()).isCloseTo(100, within(2.0));
    }

    private void steps(int count, int shortTokens, int longTokens) {
        for (int i = 0; i < count; i++) {
            now += STEP_NANOS;
            left.replaceAll(tokens -> tokens - 1);
            while (left.remove(Integer.valueOf(0))) {
                length.learn(work, work.ended(left.size(), 0, now), STEP_MILLIS);
            }
            if (steps++ % 10 == 0) {
                begun();
                left.add(steps % 20 == 1 ? shortTokens : longTokens);
            }
        }
    }

    private void begun() {
        long prompt = work.sent(1, left.size() + 1, 0, now);
        work.answered(prompt, 1, left.size() + 1, 0, now);
    }
}
