package io.weir.body;

import org.jspecify.annotations.Nullable;

/**
 * Reads one JSON number, in pieces.
 *
 * <pre>
 * START ─ '-' → MINUS     MINUS ─ 0 → ZERO, 1-9 → INTEGER
 * START, MINUS → ZERO | INTEGER ─ '.' → POINT → FRACTION
 * ZERO | INTEGER | FRACTION ─ 'e' → E ─ '+','-' → SIGN → EXPONENT
 * </pre>
 */
final class NumberLexer {

    private enum Part {
        START,
        MINUS,
        ZERO,
        INTEGER,
        POINT,
        FRACTION,
        E,
        SIGN,
        EXPONENT;

        boolean mayEnd() {
            return this == ZERO || this == INTEGER || this == FRACTION || this == EXPONENT;
        }
    }

    private Part part = Part.START;
    private boolean negative;
    private long value;

    /** Prepares for a number that starts at the next byte. */
    void begin() {
        part = Part.START;
        negative = false;
        value = 0;
    }

    /** Reads on and returns the index of the first byte that isn't part of the number. */
    int scan(byte[] bytes, int from, int to) {
        for (int at = from; at < to; at++) {
            int c = bytes[at];
            Part next = next(c);
            if (next == null) {
                return at;
            }
            part = next;
            if (next == Part.INTEGER) {
                value = Math.min(value * 10 + (c - '0'), Integer.MAX_VALUE);
            } else if (next == Part.MINUS) {
                negative = true;
            }
        }
        return to;
    }

    /** Returns whether a number goes on with such a character after its whole part. */
    static boolean goesOn(int c) {
        return c == '.' || exponent(c) != null;
    }

    /** Returns whether the number is complete where it stopped. */
    boolean mayEnd() {
        return part.mayEnd();
    }

    /**
     * Returns the value of a whole number of 0 or more, at most 2^31-1; -1 for any other number.
     */
    long value() {
        boolean whole = part == Part.INTEGER || part == Part.ZERO;
        return whole && !negative ? value : -1;
    }

    private @Nullable Part next(int c) {
        boolean digit = c >= '0' && c <= '9';
        return switch (part) {
            case START -> c == '-' ? Part.MINUS : integer(c);
            case MINUS -> integer(c);
            case ZERO -> c == '.' ? Part.POINT : exponent(c);
            case INTEGER -> digit ? Part.INTEGER : c == '.' ? Part.POINT : exponent(c);
            case POINT -> digit ? Part.FRACTION : null;
            case FRACTION -> digit ? Part.FRACTION : exponent(c);
            case E -> c == '+' || c == '-' ? Part.SIGN : digit ? Part.EXPONENT : null;
            case SIGN, EXPONENT -> digit ? Part.EXPONENT : null;
        };
    }

    private static @Nullable Part integer(int c) {
        return c == '0' ? Part.ZERO : c >= '1' && c <= '9' ? Part.INTEGER : null;
    }

    private static @Nullable Part exponent(int c) {
        return c == 'e' || c == 'E' ? Part.E : null;
    }
}
