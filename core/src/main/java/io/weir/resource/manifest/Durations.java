package io.weir.resource.manifest;

import org.jspecify.annotations.Nullable;

import java.time.Duration;

/**
 * Durations of the Gateway API (GEP-2257): one to four numbers of at most five digits, each with
 * {@code h}, {@code m}, {@code s} or {@code ms}, for instance {@code 1h30m}.
 */
public final class Durations {

    /** What is expected, for messages. */
    public static final String EXPECTATION = "a duration such as 500ms, 10s or 1h30m";

    private static final int MAX_PARTS = 4;
    private static final int MAX_DIGITS = 5;

    private Durations() {}

    /** Returns the duration, or null when the text is not one. */
    public static @Nullable Duration parse(String text) {
        Duration total = Duration.ZERO;
        int at = 0;
        for (int parts = 0; at < text.length(); parts++) {
            int digits = at;
            while (digits < text.length() && isDigit(text.charAt(digits))) {
                digits++;
            }
            String unit = unit(text, digits);
            int length = digits - at;
            if (unit.isEmpty() || length == 0 || length > MAX_DIGITS || parts == MAX_PARTS) {
                return null;
            }
            total = total.plus(of(Integer.parseInt(text.substring(at, digits)), unit));
            at = digits + unit.length();
        }
        return at == 0 ? null : total;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static String unit(String text, int at) {
        if (text.startsWith("ms", at)) {
            return "ms";
        }
        boolean unit = at < text.length() && "hms".indexOf(text.charAt(at)) >= 0;
        return unit ? text.substring(at, at + 1) : "";
    }

    private static Duration of(int amount, String unit) {
        return switch (unit) {
            case "h" -> Duration.ofHours(amount);
            case "m" -> Duration.ofMinutes(amount);
            case "s" -> Duration.ofSeconds(amount);
            default -> Duration.ofMillis(amount);
        };
    }
}
