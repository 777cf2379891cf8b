package io.weir.kubernetes.embedded.table;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;

/** How long ago something was, in two units at most. */
final class Ages {

    private static final int DAYS_OF_YEAR = 365;

    private Ages() {}

    /** Returns for instance {@code 5m10s}; {@code <unknown>} when there is no time. */
    static String since(String time, Instant now) {
        if (time.isEmpty()) {
            return "<unknown>";
        }
        try {
            return text(Duration.between(Instant.parse(time), now));
        } catch (DateTimeException e) {
            return "<invalid>";
        }
    }

    static String text(Duration age) {
        long seconds = age.toSeconds();
        if (seconds < -1) {
            return "<invalid>";
        }
        if (seconds < 120) {
            return Math.max(0, seconds) + "s";
        }
        if (seconds < 600) {
            return two(age.toMinutes(), "m", seconds % 60, "s");
        }
        if (age.toMinutes() < 180) {
            return age.toMinutes() + "m";
        }
        return hours(age);
    }

    private static String hours(Duration age) {
        if (age.toHours() < 8) {
            return two(age.toHours(), "h", age.toMinutes() % 60, "m");
        }
        if (age.toHours() < 48) {
            return age.toHours() + "h";
        }
        if (age.toDays() < 8) {
            return two(age.toDays(), "d", age.toHours() % 24, "h");
        }
        if (age.toDays() < 2 * DAYS_OF_YEAR) {
            return age.toDays() + "d";
        }
        long years = age.toDays() / DAYS_OF_YEAR;
        return years < 8 ? two(years, "y", age.toDays() % DAYS_OF_YEAR, "d") : years + "y";
    }

    private static String two(long big, String bigUnit, long small, String smallUnit) {
        return small == 0 ? big + bigUnit : big + bigUnit + small + smallUnit;
    }
}
