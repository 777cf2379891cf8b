package io.weir.app.command;

import io.weir.config.PickerUse;

import picocli.CommandLine.TypeConversionException;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations and sizes as people write them. */
final class Quantities {

    private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h)?");
    private static final Pattern SIZE = Pattern.compile("(\\d{1,12})([kKMG]i?)?B?");

    private Quantities() {}

    /** Reads for instance {@code 500ms}, {@code 30s}, {@code 5m}, {@code 24h} or {@code 0}. */
    static Duration duration(String text) {
        Matcher matcher = DURATION.matcher(text);
        if (!matcher.matches() || (matcher.group(2) == null && !text.equals("0"))) {
            throw new TypeConversionException(
                    "'" + text + "' (expected: a duration such as 500ms, 30s, 5m or 24h)");
        }
        long number = Long.parseLong(matcher.group(1));
        String unit = matcher.group(2);
        return switch (unit == null ? "s" : unit) {
            case "ms" -> Duration.ofMillis(number);
            case "m" -> Duration.ofMinutes(number);
            case "h" -> Duration.ofHours(number);
            default -> Duration.ofSeconds(number);
        };
    }

    /** Reads {@code auto}, {@code builtin} or {@code external}. */
    static PickerUse pickers(String text) {
        return PickerUse.of(text)
                .orElseThrow(() ->
                        new TypeConversionException(
                                "'" + text + "' (expected: " + PickerUse.EXPECTATION + ")"));
    }

    /** Reads for instance {@code 1048576}, {@code 512k}, {@code 20Mi} or {@code 1Gi}. */
    static ByteSize bytes(String text) {
        Matcher matcher = SIZE.matcher(text);
        if (!matcher.matches()) {
            throw new TypeConversionException(
                    "'" + text + "' (expected: a size such as 1048576, 512Ki, 20Mi or 1Gi)");
        }
        long number = Long.parseLong(matcher.group(1));
        String unit = matcher.group(2);
        return new ByteSize(Math.multiplyExact(number, unit == null ? 1 : factor(unit)));
    }

    private static long factor(String unit) {
        long base = unit.endsWith("i") ? 1024 : 1000;
        return switch (unit.charAt(0)) {
            case 'k', 'K' -> base;
            case 'M' -> base * base;
            default -> base * base * base;
        };
    }
}
