package io.weir.picker.pool;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.SplittableRandom;

class TieRandomTest {

    @ParameterizedTest
    @ValueSource(longs = {0, 1, -1, 42, Long.MIN_VALUE})
    void isTheSplittableRandomOfItsSeedAlsoBehindNumbersPassedOver(long seed) {
        TieRandom random = new TieRandom(seed);
        SplittableRandom other = new SplittableRandom(seed);
        for (int i = 0; i < 1000; i++) {
            if (i % 3 == 0) {
                random.skipLong();
                other.nextLong();
            }
            assertThat(random.nextLong()).isEqualTo(other.nextLong());
            assertThat(random.nextDouble()).isEqualTo(other.nextDouble());
            assertThat(random.nextLong(1 + i)).isEqualTo(other.nextLong(1 + i));
        }
    }
}
