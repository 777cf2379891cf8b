package io.weir.picker.setup;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Kubernetes quantities, for instance {@code 10Gi}, {@code 500M}, {@code 1e9} or {@code 5000}. */
final class Quantities {

    private static final Pattern FORM =
            Pattern.compile(
                    "([+-]?\\d{1,18}(?:\\.\\d{0,9})?)(?:[eE]([+-]?\\d{1,2})|(n|u|m|k|Ki|[MGTPE]i?)?)");
    private static final String DECIMAL = "kMGTPE";
    private static final Map<String, Integer> SMALL = Map.of("n", -9, "u", -6, "m", -3);

    private Quantities() {}

    /** Returns the quantity, rounded up to a whole number; null when the value is not one. */
    static @Nullable Long parse(Object value) {
        if (value instanceof Integer || value instanceof Long) {
            return ((Number) value).longValue();
        }
        Matcher parts = FORM.matcher(value.toString());
        if (!(value instanceof String || value instanceof Double) || !parts.matches()) {
            return null;
        }
        BigDecimal amount = new BigDecimal(parts.group(1)).multiply(factor(parts));
        return amount.setScale(0, RoundingMode.UP)
                .min(BigDecimal.valueOf(Long.MAX_VALUE))
                .max(BigDecimal.valueOf(Long.MIN_VALUE))
                .longValueExact();
    }

    private static BigDecimal factor(Matcher parts) {
        if (parts.group(2) != null) {
            return BigDecimal.ONE.scaleByPowerOfTen(Integer.parseInt(parts.group(2)));
        }
        String suffix = parts.group(3) == null ? "" : parts.group(3);
        if (suffix.isEmpty()) {
            return BigDecimal.ONE;
        }
        if (suffix.endsWith("i")) {
            int power = suffix.equals("Ki") ? 1 : DECIMAL.indexOf(suffix.charAt(0)) + 1;
            return BigDecimal.valueOf(1024).pow(Math.max(0, power));
        }
        Integer small = SMALL.get(suffix);
        int exponent = small != null ? small : 3 * (DECIMAL.indexOf(suffix) + 1);
        return BigDecimal.ONE.scaleByPowerOfTen(exponent);
    }
}
