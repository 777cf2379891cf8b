package io.weir.kubernetes.embedded.object;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An amount with a unit, as in {@code 10m}, {@code 20Mi} or {@code 1e3}.
 *
 * @param value the amount in units
 */
public record Quantity(BigDecimal value) implements Comparable<Quantity> {

    private static final Pattern FORM =
            Pattern.compile(
                    "([+-]?(?:[0-9]+(?:\\.[0-9]*)?|\\.[0-9]+))"
                            + "(?:([KMGTPE]i|[numkMGTPE])|[eE]([+-]?[0-9]{1,3}))?");

    private static final Map<String, BigDecimal> UNITS =
            Map.ofEntries(
                    decimal("n", -9),
                    decimal("u", -6),
                    decimal("m", -3),
                    decimal("k", 3),
                    decimal("M", 6),
                    decimal("G", 9),
                    decimal("T", 12),
                    decimal("P", 15),
                    decimal("E", 18),
                    binary("Ki", 10),
                    binary("Mi", 20),
                    binary("Gi", 30),
                    binary("Ti", 40),
                    binary("Pi", 50),
                    binary("Ei", 60));

    /** Reads the text form; empty when it is malformed. */
    public static Optional<Quantity> parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        BigDecimal number = new BigDecimal(matcher.group(1));
        if (matcher.group(2) != null) {
            return Optional.of(new Quantity(number.multiply(UNITS.get(matcher.group(2)))));
        }
        if (matcher.group(3) != null) {
            int exponent = Integer.parseInt(matcher.group(3));
            return Optional.of(new Quantity(number.scaleByPowerOfTen(exponent)));
        }
        return Optional.of(new Quantity(number));
    }

    @Override
    public int compareTo(Quantity other) {
        return value.compareTo(other.value);
    }

    private static Map.Entry<String, BigDecimal> decimal(String suffix, int exponent) {
        return Map.entry(suffix, BigDecimal.ONE.scaleByPowerOfTen(exponent));
    }

    private static Map.Entry<String, BigDecimal> binary(String suffix, int bits) {
        return Map.entry(suffix, new BigDecimal(BigInteger.ONE.shiftLeft(bits)));
    }
}
