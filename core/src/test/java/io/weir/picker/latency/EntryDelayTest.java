package io.weir.picker.latency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.assertj.core.data.Percentage;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Random;

class EntryDelayTest {

    private final EntryDelay entry = new EntryDelay();
    private final Random random = new Random(5);

    @ParameterizedTest
    @ValueSource(doubles = {2, 14, 80})
    void isFoundWithinFifteenHundredRequests(double delay) {
        learn(1_500, delay);

        assertThat(entry.millis()).isCloseTo(delay, Percentage.withPercentage(15));
    }

    @ParameterizedTest
    @ValueSource(doubles = {5, 40})
    void followsWhenItChanges(double later) {
        learn(2_000, 14);

        learn(2_000, later);

        assertThat(entry.millis()).isCloseTo(later, Percentage.withPercentage(15));
    }

    @ParameterizedTest
    @ValueSource(doubles = {1, 1e6})
    void staysWithinBoundsWhenAllEstimatesAreWrong(double measured) {
        for (int i = 0; i < 10_000; i++) {
            boolean longer = i % 2 == 0;
            entry.learn(entry.millis() + 1_000, entry.other(longer) + 1_000, longer, measured);
        }

        assertThat(entry.millis()).isBetween(0.2, 10_000.0);
    }

    @ParameterizedTest
    @ValueSource(doubles = {14})
    void isNotMovedByFewRequestsThatTookMinutes(double delay) {
        for (int i = 0; i < 2_000; i++) {
            learn(1, delay);
            if (i % 20 == 0) {
                entry.learn(entry.millis(), entry.other(true), true, 120_000);
            }
        }

        assertThat(entry.millis()).isCloseTo(delay, within(3.0));
    }

    /** What comes behind the delay takes 10 to 30 ms and is known; the delay scatters. */
    private void learn(int requests, double delay) {
        for (int i = 0; i < requests; i++) {
            boolean longer = i % 2 == 0;
            double rest = 10 + 20 * random.nextDouble();
            double measured = rest + delay * Math.exp(0.25 * random.nextGaussian());
            entry.learn(rest + entry.millis(), rest + entry.other(longer), longer, measured);
        }
    }
}
