package io.weir.resource.manifest;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.math.BigInteger;

/** Kubernetes quantities of bytes: {@code 20Mi}, {@code 1G}, {@code 1.5Gi}, {@code 4096}. */
final class Quantities {

    static final String EXPECTATION = "a number of bytes such as 32768, 64Ki or 20Mi";

    private static final String BINARY = "KMGTPE";
    private static final String DECIMAL = "kMGTPE";
    private static final int MAX_CHARS = 32;

    private Quantities() {}

    /** Returns the bytes; null when the text is no quantity, not whole, negative or too large. */
    static @Nullable Long bytes(String text) {
        if (text.isEmpty() || text.length() > MAX_CHARS) {
            return null;
        }
        BigInteger factor = BigInteger.ONE;
        String number = text;
        char last = text.charAt(text.length() - 1);
        if (last == 'i' && text.length() > 1) {
            int power = BINARY.indexOf(text.charAt(text.length() - 2));
            if (power < 0) {
                return null;
            }
            factor = BigInteger.ONE.shiftLeft(10 * (power + 1));
            number = text.substring(0, text.length() - 2);
        } else if (DECIMAL.indexOf(last) >= 0) {
            factor = BigInteger.TEN.pow(3 * (DECIMAL.indexOf(last) + 1));
            number = text.substring(0, text.length() - 1);
        }
        return times(number, factor);
    }

    private static @Nullable Long times(String number, BigInteger factor) {
        for (int i = 0; i < number.length(); i++) {
            char c = number.charAt(i);
            boolean digit = c >= '0' && c <= '9';
            if (!digit && c != '.') {
                return null;
            }
        }
        try {
            return new BigDecimal(number).multiply(new BigDecimal(factor)).longValueExact();
        } catch (ArithmeticException | NumberFormatException e) {
            return null;
        }
    }
}
