package io.weir.picker.scrape;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Looks into byte arrays. */
final class Bytes {

    private static final VarHandle LONGS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGH_BITS = 0x8080808080808080L;
    private static final double[] POWERS_OF_TEN = {
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
        1e17, 1e18, 1e19, 1e20, 1e21, 1e22
    };
    private static final long MOST_MANTISSA = Long.MAX_VALUE / 10 - 1;

    private Bytes() {}

    /** Returns the index of a byte in a range; -1 when it is not there. Eight bytes at a time. */
    static int indexOf(byte[] bytes, int from, int to, char wanted) {
        long pattern = ONES * wanted;
        int i = from;
        for (; i <= to - Long.BYTES; i += Long.BYTES) {
            long zeroWhereEqual = (long) LONGS.get(bytes, i) ^ pattern;
            long found = (zeroWhereEqual - ONES) & ~zeroWhereEqual & HIGH_BITS;
            if (found != 0) {
                return i + Long.numberOfTrailingZeros(found) / Byte.SIZE;
            }
        }
        for (; i < to; i++) {
            if (bytes[i] == wanted) {
                return i;
            }
        }
        return -1;
    }

    /**
     * Returns the number that begins at an index and ends before a blank or the end of the range.
     *
     * @return NaN when there is no number
     */
    static double number(byte[] bytes, int from, int to) {
        int i = from;
        boolean negative = i < to && bytes[i] == '-';
        if (i < to && (negative || bytes[i] == '+')) {
            i++;
        }
        if (i + 2 < to && (bytes[i] | 0x20) == 'i' && (bytes[i + 1] | 0x20) == 'n') {
            return negative ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
        }
        double value = decimal(bytes, i, to);
        return negative ? -value : value;
    }

    private static double decimal(byte[] bytes, int from, int to) {
        long mantissa = 0;
        int exponent = 0;
        int digits = 0;
        boolean inFraction = false;
        int i = from;
        for (; i < to; i++) {
            int digit = bytes[i] - '0';
            if (digit >= 0 && digit <= 9) {
                digits++;
                boolean fits = mantissa <= MOST_MANTISSA;
                mantissa = fits ? mantissa * 10 + digit : mantissa;
                exponent += (inFraction ? -1 : 0) + (fits ? 0 : 1);
            } else if (bytes[i] == '.' && !inFraction) {
                inFraction = true;
            } else {
                break;
            }
        }
        if (i < to && (bytes[i] | 0x20) == 'e') {
            exponent += exponent(bytes, i + 1, to);
        } else if (i < to && bytes[i] > ' ') {
            return Double.NaN;
        }
        return digits == 0 ? Double.NaN : scaled(mantissa, exponent);
    }

    private static int exponent(byte[] bytes, int from, int to) {
        int i = from;
        boolean negative = i < to && bytes[i] == '-';
        if (i < to && (negative || bytes[i] == '+')) {
            i++;
        }
        int value = 0;
        for (; i < to && bytes[i] >= '0' && bytes[i] <= '9' && value < 1000; i++) {
            value = value * 10 + bytes[i] - '0';
        }
        return negative ? -value : value;
    }

    private static double scaled(long mantissa, int exponent) {
        int size = Math.abs(exponent);
        double power = size < POWERS_OF_TEN.length ? POWERS_OF_TEN[size] : Math.pow(10, size);
        return exponent < 0 ? mantissa / power : mantissa * power;
    }
}
