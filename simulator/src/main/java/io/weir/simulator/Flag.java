package io.weir.simulator;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One flag of a command line with its values.
 *
 * @param name name without dashes, words separated by a dash; empty for what is no flag
 * @param values its values
 * @param length how many arguments it takes up
 */
record Flag(String name, List<String> values, int length) {

    private static final Pattern DURATION =
            Pattern.compile("([0-9]+(?:\\.[0-9]+)?)(ns|us|µs|ms|s|m|h|)");
    private static final Pattern NUMBER = Pattern.compile("-?[0-9.]+");
    private static final Pattern SHORT_NUMBER = Pattern.compile("([0-9]+)([kKmM])");

    Flag {
        values = List.copyOf(values);
    }

    /** Reads the flag at an index. */
    static Flag at(List<String> arguments, int index) {
        String argument = arguments.get(index);
        if (!argument.startsWith("-")) {
            return new Flag("", List.of(), 1);
        }
        String flag = argument.substring(argument.startsWith("--") ? 2 : 1);
        int equals = flag.indexOf('=');
        if (equals >= 0) {
            return new Flag(
                    name(flag.substring(0, equals)), List.of(flag.substring(equals + 1)), 1);
        }
        List<String> values = new ArrayList<>();
        for (int i = index + 1; i < arguments.size() && isValue(arguments.get(i)); i++) {
            values.add(arguments.get(i));
        }
        return new Flag(name(flag), values, 1 + values.size());
    }

    private static String name(String flag) {
        return flag.replace('_', '-');
    }

    /** Negative numbers are values, too. */
    private static boolean isValue(String argument) {
        return !argument.startsWith("-") || NUMBER.matcher(argument).matches();
    }

    boolean isFlag() {
        return !name.isEmpty();
    }

    /** Returns its only, or first, value. */
    String text() {
        if (values.isEmpty()) {
            throw new IllegalArgumentException("--" + name + ": a value is missing");
        }
        return values.getFirst();
    }

    /** Returns whether it is switched on: it is when it has no value. */
    boolean isOn() {
        return values.isEmpty()
                || switch (text()) {
                    case "true", "True", "1" -> true;
                    case "false", "False", "0" -> false;
                    default -> throw wrong("true or false");
                };
    }

    int number(int least, int most) {
        long value = wholeNumber();
        if (value < least || value > most) {
            throw wrong(least + ".." + most);
        }
        return (int) value;
    }

    /** Reads a number; {@code 1k} is 1000 and {@code 1K} is 1024, as vLLM has it. */
    long wholeNumber() {
        Matcher shortened = SHORT_NUMBER.matcher(text());
        try {
            if (shortened.matches()) {
                return Math.multiplyExact(Long.parseLong(shortened.group(1)), unit(shortened));
            }
            return Long.parseLong(text());
        } catch (NumberFormatException | ArithmeticException e) {
            throw wrong("a whole number");
        }
    }

    private static long unit(Matcher shortened) {
        return switch (shortened.group(2)) {
            case "k" -> 1_000;
            case "K" -> 1_024;
            case "m" -> 1_000_000;
            default -> 1 << 20;
        };
    }

    double decimal(double least, double most) {
        try {
            double value = new BigDecimal(text()).doubleValue();
            if (value >= least && value <= most) {
                return value;
            }
        } catch (NumberFormatException e) {
            throw wrong("a number");
        }
        throw wrong(least + ".." + most);
    }

    /** Reads a duration such as {@code 100ms}; a bare number is milliseconds. */
    double nanos() {
        Matcher matcher = DURATION.matcher(text());
        if (!matcher.matches()) {
            throw wrong("a duration such as 100ms");
        }
        double unit =
                switch (matcher.group(2)) {
                    case "ns" -> 1;
                    case "us", "µs" -> 1e3;
                    case "s" -> 1e9;
                    case "m" -> 60e9;
                    case "h" -> 3600e9;
                    default -> 1e6;
                };
        return Double.parseDouble(matcher.group(1)) * unit;
    }

    IllegalArgumentException wrong(String expected) {
        return new IllegalArgumentException(
                "--" + name + ": " + text() + " (expected: " + expected + ")");
    }
}
