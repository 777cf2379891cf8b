package io.weir.bench.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.SplittableRandom;

class ComparisonTest {

    @Test
    void equalValuesAreATie() {
        // When
        Comparison same = Comparison.of(new double[] {3, 9, 27}, new double[] {3, 9, 27});

        // Then
        assertThat(same).isEqualTo(new Comparison(1, 1, 1));
        assertThat(same.isWin()).isFalse();
        assertThat(same.isLoss()).isFalse();
    }

    @Test
    void aTenthMoreOnEverySeedIsAWinHoweverMuchSeedsDiffer() {
        // When
        double[] base = {1, 10, 100, 1000};
        double[] values = Arrays.stream(base).map(value -> 1.1 * value).toArray();
        Comparison more = Comparison.of(values, base);

        // Then
        assertThat(more.ratio()).isCloseTo(1.1, within(1e-9));
        assertThat(more.isWin()).isTrue();
        assertThat(Comparison.of(base, values).isLoss()).isTrue();
    }

    @Test
    void theIntervalHoldsTheTruthAboutAsOftenAsItShould() {
        // Given
        var random = new SplittableRandom(4);
        int held = 0;
        int times = 300;

        // When
        for (int t = 0; t < times; t++) {
            double[] base = new double[10];
            double[] values = new double[10];
            for (int i = 0; i < base.length; i++) {
                base[i] = Math.exp(random.nextGaussian());
                values[i] = base[i] * Math.exp(0.1 + 0.05 * random.nextGaussian());
            }
            Comparison comparison = Comparison.of(values, base);
            held += comparison.low() <= Math.exp(0.1) && Math.exp(0.1) <= comparison.high() ? 1 : 0;
        }

        // Then
        assertThat((double) held / times).isBetween(0.82, 0.99);
    }
}
