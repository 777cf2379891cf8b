package io.weir.picker.latency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

class ArrivalsTest {

    private static final long SECOND = 1_000_000_000;
    private static final Percentage CLOSE = Percentage.withPercentage(3);

    private final Arrivals arrivals = new Arrivals();

    @Test
    void nothingComesAtTheBeginning() {
        assertThat(perSecond(5 * SECOND)).isZero();
    }

    @Test
    void theRateIsRightBeforeTheMemoryIsFull() {
        long now = tenPerSecond(0, 5);

        assertThat(perSecond(now)).isCloseTo(10, CLOSE);
        assertThat(1000 * arrivals.tokens() * arrivals.perMilli(now)).isCloseTo(7_000, CLOSE);
    }

    @Test
    void theRateIsRightAfterMinutesAndOnAClockThatBeganBelowZero() {
        assertThat(perSecond(tenPerSecond(-300 * SECOND, 600))).isCloseTo(10, CLOSE);
    }

    @Test
    void aBurstOfAMomentIsNotTakenForAThousandPerSecond() {
        for (int i = 0; i < 10; i++) {
            arrivals.add(700, i);
        }

        assertThat(perSecond(10)).isCloseTo(50, CLOSE);
    }

    @Test
    void aThirdIsLeftAfterTwentySecondsInWhichNothingCame() {
        long now = tenPerSecond(0, 600);

        assertThat(perSecond(now + 20 * SECOND)).isCloseTo(10 / Math.E, CLOSE);
        assertThat(perSecond(now - SECOND)).isCloseTo(10, within(0.5));
    }

    private long tenPerSecond(long from, int seconds) {
        long now = from;
        for (int i = 0; i < 10 * seconds; i++) {
            now += SECOND / 10;
            arrivals.add(700, now);
        }
        return now;
    }

    private double perSecond(long now) {
        return 1000 * arrivals.requests() * arrivals.perMilli(now);
    }
}
