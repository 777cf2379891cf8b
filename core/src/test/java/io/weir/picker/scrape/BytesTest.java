package io.weir.picker.scrape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.SplittableRandom;

class BytesTest {

    @Test
    void indexOfFindsTheFirstOfARange() {
        SplittableRandom random = new SplittableRandom(5);
        for (int round = 0; round < 1000; round++) {
            // Given
            byte[] bytes = new byte[random.nextInt(60)];
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = (byte) (random.nextInt(4) == 0 ? '\n' : random.nextInt(256));
            }
            int from = random.nextInt(bytes.length + 1);
            int to = random.nextInt(from, bytes.length + 1);

            // Then
            int expected =
                    new String(bytes, 0, to, StandardCharsets.ISO_8859_1).indexOf('\n', from);
            assertThat(Bytes.indexOf(bytes, from, to, '\n'))
                    .as("round %d", round)
                    .isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "0,0",
        "17,17",
        "-3.5,-3.5",
        "+2,2",
        "1.7e9,1700000000",
        "1.7333333E+09,1733333300",
        "5e-05,0.00005",
        "0.123456789012345678901234567890,0.1234567890123456789",
        "123456789012345678901234567890,123456789012345678901234567890",
        "3 1700000000000,3",
        ".5,0.5",
        "7.,7"
    })
    void numbersAreRead(String text, double expected) {
        assertThat(number(text)).isCloseTo(expected, within(Math.abs(expected) * 1e-15));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-", "NaN", "x", "1x", "..", "1.2.3", "e5"})
    void whatIsNoNumberIsNaN(String text) {
        assertThat(number(text)).isNaN();
    }

    @Test
    void infinitiesAreRead() {
        assertThat(number("+Inf")).isEqualTo(Double.POSITIVE_INFINITY);
        assertThat(number("-Inf")).isEqualTo(Double.NEGATIVE_INFINITY);
    }

    @Test
    void numbersAsPrintedAreReadBack() {
        SplittableRandom random = new SplittableRandom(6);
        for (int round = 0; round < 1000; round++) {
            double value = random.nextDouble() * Math.pow(10, random.nextInt(-8, 15));
            String text =
                    random.nextBoolean() ? "" + value : String.format(Locale.ROOT, "%e", value);
            double expected = Double.parseDouble(text);
            assertThat(number(text)).as(text).isCloseTo(expected, within(expected * 1e-15));
        }
    }

    private static double number(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        return Bytes.number(bytes, 0, bytes.length);
    }
}
