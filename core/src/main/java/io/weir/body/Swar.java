package io.weir.body;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Searches eight bytes at a time. Buffers must be little-endian, so that the lowest flagged byte of
 * a word is the first in the text.
 *
 * <p>The tests below subtract without masking: a borrow can only come from a lower byte that is
 * itself flagged, so the lowest flag is always right.
 */
final class Swar {

    private static final long ONES = 0x0101010101010101L;
    private static final long HIGH = 0x8080808080808080L;

    private static final VarHandle LONGS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INTS =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private Swar() {}

    /** Returns four bytes, the first one lowest. */
    static int intAt(byte[] bytes, int at) {
        return (int) INTS.get(bytes, at);
    }

    /**
     * Returns the index of the first quote, backslash, control or non-ASCII byte, else {@code to}.
     */
    static int plainEnd(byte[] bytes, int from, int to) {
        int at = plainRun(bytes, from, to);
        for (; at <= to - Long.BYTES; at += Long.BYTES) {
            long flags = special((long) LONGS.get(bytes, at));
            if (flags != 0) {
                return at + (Long.numberOfTrailingZeros(flags) >>> 3);
            }
        }
        while (at < to && isPlain(bytes[at])) {
            at++;
        }
        return at;
    }

    /** Skips four words at a time while there is nothing in any: long texts mostly go on. */
    private static int plainRun(byte[] bytes, int from, int to) {
        int at = from;
        for (; at <= to - 4 * Long.BYTES; at += 4 * Long.BYTES) {
            long first = special((long) LONGS.get(bytes, at));
            long second = special((long) LONGS.get(bytes, at + Long.BYTES));
            long third = special((long) LONGS.get(bytes, at + 2 * Long.BYTES));
            long fourth = special((long) LONGS.get(bytes, at + 3 * Long.BYTES));
            if ((first | second | third | fourth) != 0) {
                break;
            }
        }
        return at;
    }

    private static boolean isPlain(byte c) {
        return c >= 0x20 && c != '"' && c != '\\';
    }

    private static long special(long word) {
        long control = word - ONES * 0x20;
        long quote = (word ^ ONES * '"') - ONES;
        long backslash = (word ^ ONES * '\\') - ONES;
        return (word | control | quote | backslash) & HIGH;
    }

    /** Returns eight copies of an ASCII character, to search for it. */
    static long copies(char c) {
        return ONES * c;
    }

    /** Returns the index of the first of three characters (as {@link #copies}), else {@code to}. */
    static int indexOf(byte[] bytes, int from, int to, long a, long b, long c) {
        int at = from;
        for (; at <= to - Long.BYTES; at += Long.BYTES) {
            long word = (long) LONGS.get(bytes, at);
            long flags = zeros(word ^ a) | zeros(word ^ b) | zeros(word ^ c);
            flags &= ~word & HIGH;
            if (flags != 0) {
                return at + (Long.numberOfTrailingZeros(flags) >>> 3);
            }
        }
        for (; at < to; at++) {
            byte found = bytes[at];
            if (found == (byte) a || found == (byte) b || found == (byte) c) {
                break;
            }
        }
        return at;
    }

    private static long zeros(long word) {
        return word - ONES;
    }
}
