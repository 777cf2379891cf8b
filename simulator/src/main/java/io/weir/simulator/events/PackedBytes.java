package io.weir.simulator.events;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Writes MessagePack. */
final class PackedBytes {

    private byte[] bytes = new byte[256];
    private int size;

    PackedBytes array(int length) {
        return header(length, 0x90, 0xdc);
    }

    PackedBytes map(int length) {
        return header(length, 0x80, 0xde);
    }

    PackedBytes nil() {
        return put(0xc0);
    }

    PackedBytes text(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        if (utf8.length < 32) {
            put(0xa0 | utf8.length);
        } else {
            put(0xdb).number(utf8.length, Integer.BYTES);
        }
        return raw(utf8);
    }

    PackedBytes decimal(double value) {
        return put(0xcb).number(Double.doubleToRawLongBits(value), Long.BYTES);
    }

    /** Writes an unsigned number. */
    PackedBytes whole(long value) {
        if (value >= 0 && value < 0x80) {
            return put((int) value);
        }
        if (value >= 0 && value <= 0xffff) {
            return put(0xcd).number(value, Short.BYTES);
        }
        if (value >= 0 && value <= 0xffff_ffffL) {
            return put(0xce).number(value, Integer.BYTES);
        }
        return put(0xcf).number(value, Long.BYTES);
    }

    /** Writes what is packed already. */
    PackedBytes raw(byte[] packed) {
        ensure(packed.length);
        System.arraycopy(packed, 0, bytes, size, packed.length);
        size += packed.length;
        return this;
    }

    byte[] toBytes() {
        return Arrays.copyOf(bytes, size);
    }

    private PackedBytes header(int length, int small, int large) {
        if (length < 16) {
            return put(small | length);
        }
        return length <= 0xffff
                ? put(large).number(length, Short.BYTES)
                : put(large + 1).number(length, Integer.BYTES);
    }

    private PackedBytes number(long value, int length) {
        for (int shift = 8 * (length - 1); shift >= 0; shift -= 8) {
            put((int) (value >>> shift));
        }
        return this;
    }

    private PackedBytes put(int value) {
        ensure(1);
        bytes[size++] = (byte) value;
        return this;
    }

    private void ensure(int more) {
        if (size + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(size + more, 2 * bytes.length));
        }
    }
}
