package io.weir.simulator.http;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Bytes that are put together, in an array that grows. Each event loop has one and uses it again
 * and again: cheaper than a network buffer, which checks every byte that is written to it.
 */
public final class Bytes {

    private static final int MAX_KEPT_BYTES = 1 << 20;

    private byte[] bytes = new byte[4096];
    private int length;

    /** Begins anew. */
    public Bytes clear() {
        length = 0;
        if (bytes.length > MAX_KEPT_BYTES) {
            bytes = new byte[4096];
        }
        return this;
    }

    /** Returns how many bytes were written. */
    public int length() {
        return length;
    }

    /** Writes a byte. */
    public Bytes writeByte(int value) {
        ensureWritable(1);
        bytes[length++] = (byte) value;
        return this;
    }

    /** Writes bytes. */
    public Bytes writeBytes(byte[] source) {
        return writeBytes(source, 0, source.length);
    }

    /** Writes some bytes of an array. */
    public Bytes writeBytes(byte[] source, int from, int count) {
        ensureWritable(count);
        System.arraycopy(source, from, bytes, length, count);
        length += count;
        return this;
    }

    /** Writes text in UTF-8. */
    public Bytes writeText(String text) {
        return writeBytes(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Writes a number that is not negative. */
    public Bytes writeDecimal(long value) {
        if (value >= 10) {
            writeDecimal(value / 10);
        }
        return writeByte('0' + (int) (value % 10));
    }

    /** Returns a copy. */
    public byte[] toArray() {
        return Arrays.copyOf(bytes, length);
    }

    byte[] array() {
        return bytes;
    }

    /** Leaves room for some bytes. */
    void skip(int count) {
        ensureWritable(count);
        length += count;
    }

    void set(int index, int value) {
        bytes[index] = (byte) value;
    }

    /** Moves everything from an index on. */
    void move(int from, int by) {
        ensureWritable(Math.max(0, by));
        System.arraycopy(bytes, from, bytes, from + by, length - from);
        length += by;
    }

    private void ensureWritable(int count) {
        if (bytes.length - length < count) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, Math.addExact(length, count)));
        }
    }
}
