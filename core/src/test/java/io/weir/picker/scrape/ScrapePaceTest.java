package io.weir.picker.scrape;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

class ScrapePaceTest {

    private final ScrapePace pace = new ScrapePace(ScrapeTimes.DEFAULT, new SplittableRandom(1));

    @Test
    void aBusyServerIsAskedEveryFiftyMilliseconds() {
        for (int i = 0; i < 100; i++) {
            pace.answered(true);
            assertThat(pauseMillis()).isBetween(45L, 55L);
        }
    }

    @Test
    void anIdleServerIsAskedMoreAndMoreRarely() {
        pace.answered(false);
        assertThat(pauseMillis()).isBetween(90L, 110L);
        pace.answered(false);
        assertThat(pauseMillis()).isBetween(180L, 220L);
        for (int i = 0; i < 10; i++) {
            pace.answered(false);
        }
        assertThat(pauseMillis()).isBetween(900L, 1100L);
    }

    @Test
    void aServerThatHasRequestsAgainIsAskedOftenAgain() {
        pace.unanswered();
        pace.answered(true);
        assertThat(pauseMillis()).isBetween(45L, 55L);
    }

    @Test
    void aServerThatDoesNotAnswerIsHardlyAsked() {
        for (int i = 0; i < 100; i++) {
            pace.unanswered();
        }
        assertThat(pauseMillis()).isBetween(4500L, 5500L);
    }

    private long pauseMillis() {
        return TimeUnit.NANOSECONDS.toMillis(pace.pauseNanos());
    }
}
