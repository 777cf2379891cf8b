package io.weir.picker.latency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.weir.picker.latency.ServerWork.Mark;

import org.junit.jupiter.api.Test;

class ServerWorkTest {

    private final ServerWork work = new ServerWork();

    @Test
    void sumsUpWhatWasThereForHowLong() {
        long first = work.sent(700, 1, 0.1, 1_000);
        Mark begin = work.answered(first, 700, 1, 0.2, 2_000);
        long second = work.sent(300, 2, 0.4, 2_500);
        work.answered(second, 300, 2, 0.6, 3_000);
        Mark end = work.ended(1, 0.3, 5_000);

        assertThat(end.nanos() - begin.nanos()).isEqualTo(3_000);
        assertThat(end.sequenceNanos() - begin.sequenceNanos()).isEqualTo(500 + 2 * 500 + 2 * 2000);
        assertThat(end.cacheNanos() - begin.cacheNanos()).isEqualTo(100 + 200 + 1200);
        assertThat(end.promptTokens() - begin.promptTokens()).isEqualTo(300);
    }

    @Test
    void sumsUpHowLongAnswersWerePutOutAndHowManyEnded() {
        long first = work.sent(700, 1, 0.1, 1_000);
        long second = work.sent(700, 2, 0.1, 1_500);
        Mark begin = work.answered(first, 700, 2, 0.2, 2_000);
        work.answered(second, 300, 2, 0.6, 3_000);
        work.ended(1, 0.3, 5_000);
        assertThat(work.followed()).isEqualTo(1);
        Mark end = work.ended(0, 0.3, 6_000);

        assertThat(end.streamNanos() - begin.streamNanos()).isEqualTo(1_000 + 2 * 2_000 + 1_000);
        assertThat(end.ends() - begin.ends()).isEqualTo(2);
        assertThat(work.followed()).isZero();
    }

    @Test
    void anAnswerThatIsBrokenOffHasEnded() {
        work.answered(work.sent(700, 1, 0.1, 1_000), 700, 1, 0.2, 2_000);

        work.brokenOff();

        assertThat(work.followed()).isZero();
        assertThat(work.ended(0, 0, 3_000).ends()).isEqualTo(2);
    }

    @Test
    void clocksMayBeNegativeAndSeemToGoBack() {
        Mark begin = work.ended(4, 0.5, -2_000);
        work.ended(4, 0.5, -1_000);
        work.ended(4, 0.5, -1_500);
        Mark end = work.ended(4, 0.5, 500);

        assertThat(end.sequenceNanos() - begin.sequenceNanos()).isEqualTo(4 * 2_500);
    }

    @Test
    void knowsWhenAStepEndedLast() {
        assertThat(work.stepEndMillis(5)).isNegative().isInfinite();

        long prompt = work.sent(10, 1, 0, 1_000_000);
        work.answered(prompt, 10, 1, 0, 3_000_000);

        assertThat(work.stepEndMillis(8_000_000)).isCloseTo(-5, within(1e-9));
    }

    @Test
    void promptsThatWillNotBeAnsweredAreNoWorkAndEndNoStep() {
        long prompt = work.sent(10, 1, 0, 1_000_000);

        work.gone(prompt);

        assertThat(work.unanswered()).isZero();
        assertThat(work.followed()).isZero();
        assertThat(work.stepEndMillis(8_000_000)).isInfinite();
    }
}
