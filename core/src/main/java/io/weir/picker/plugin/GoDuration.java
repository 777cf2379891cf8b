package io.weir.picker.plugin;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Durations as the Go language writes them, for instance {@code 200ms}, {@code 1h30m} or {@code
 * 1.5s}.
 */
public final class GoDuration {

    private static final Pattern PART =
            Pattern.compile("(\\d{1,9}(?:\\.\\d{1,9})?)(ns|us|µs|ms|s|m|h)");

    private GoDuration() {}

    /** Returns the duration, or null when the text is not one. */
    public static @Nullable Duration parse(String text) {
        if (text.equals("0")) {
            return Duration.ZERO;
        }
        Matcher parts = PART.matcher(text);
        Duration total = Duration.ZERO;
        int at = 0;
        while (at < text.length()) {
            if (!parts.find(at) || parts.start() != at) {
                return null;
            }
            total = total.plusNanos(nanos(parts.group(1), parts.group(2)));
            at = parts.end();
        }
        return at == 0 ? null : total;
    }

    private static long nanos(String amount, String unit) {
        return new BigDecimal(amount)
                .multiply(BigDecimal.valueOf(unitNanos(unit)))
                .setScale(0, RoundingMode.DOWN)
                .min(BigDecimal.valueOf(Long.MAX_VALUE))
                .longValueExact();
    }

    private static long unitNanos(String unit) {
        return switch (unit) {
            case "h" -> Duration.ofHours(1).toNanos();
            case "m" -> Duration.ofMinutes(1).toNanos();
            case "s" -> 1_000_000_000L;
            case "ms" -> 1_000_000L;
            case "ns" -> 1L;
            default -> 1_000L;
        };
    }
}
