package io.weir.picker.latency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

import java.util.Random;

class RecursiveLeastSquaresTest {

    private final RecursiveLeastSquares line = new RecursiveLeastSquares(3, 0.999, 100);
    private final Random random = new Random(7);

    @Test
    void findsTheWeightsBehindNoisySamples() {
        for (int i = 0; i < 2_000; i++) {
            learn(14, 20, 5, 0.05);
        }

        assertThat(line.weights()[0]).isCloseTo(14, within(0.5));
        assertThat(line.weights()[1]).isCloseTo(20, within(0.5));
        assertThat(line.weights()[2]).isCloseTo(5, within(0.5));
    }

    @Test
    void forgetsHowItWasBefore() {
        for (int i = 0; i < 3_000; i++) {
            learn(14, 20, 5, 0.01);
        }
        for (int i = 0; i < 6_000; i++) {
            learn(30, 10, 5, 0.01);
        }

        assertThat(line.weights()[0]).isCloseTo(30, within(1.0));
        assertThat(line.weights()[1]).isCloseTo(10, within(1.0));
    }

    @Test
    void staysFiniteWhenSamplesAreAllTheSame() {
        float[] same = {1, 0, 0};
        for (int i = 0; i < 1_000_000; i++) {
            line.learn(same, 20, 1.0 / 20);
        }

        assertThat(line.estimate(same)).isCloseTo(20, within(0.01));
        assertThat(line.estimate(new float[] {1, 1, 1})).isFinite();

        // and is still able to learn
        for (int i = 0; i < 500; i++) {
            learn(20, 3, 1, 0);
        }
        assertThat(line.estimate(new float[] {1, 1, 1})).isCloseTo(24, within(0.1));
    }

    private void learn(double first, double second, double third, double noise) {
        float[] x = {1, random.nextFloat() * 4, random.nextFloat() * 2};
        double exact = first + second * x[1] + third * x[2];
        line.learn(x, exact * (1 + noise * random.nextGaussian()), 1 / exact);
    }
}
