package io.weir.picker.events;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Reads MessagePack values in place. A value of another type than the expected one is an error. */
final class MessagePack {

    private static final int NIL = 0xc0;
    private static final int MOST_DEPTH = 32;

    private final ByteBuffer bytes;

    MessagePack(ByteBuffer bytes) {
        this.bytes = bytes;
    }

    /** Something that is not what it should be. */
    static final class FormatException extends IllegalArgumentException {

        private static final long serialVersionUID = 1L;

        FormatException(String message) {
            super(message);
        }
    }

    boolean nextIsArray() {
        int type = peek();
        return (type & 0xf0) == 0x90 || type == 0xdc || type == 0xdd;
    }

    boolean nextIsMap() {
        int type = peek();
        return (type & 0xf0) == 0x80 || type == 0xde || type == 0xdf;
    }

    /** Skips nil and says so, or leaves what is there. */
    boolean skippedNil() {
        if (peek() != NIL) {
            return false;
        }
        bytes.get();
        return true;
    }

    int array() {
        int type = next();
        return (type & 0xf0) == 0x90
                ? type & 0x0f
                : switch (type) {
                    case 0xdc -> bytes.getShort() & 0xffff;
                    case 0xdd -> count();
                    default -> throw unexpected("an array", type);
                };
    }

    int map() {
        int type = next();
        return (type & 0xf0) == 0x80
                ? type & 0x0f
                : switch (type) {
                    case 0xde -> bytes.getShort() & 0xffff;
                    case 0xdf -> count();
                    default -> throw unexpected("a map", type);
                };
    }

    String text() {
        int type = next();
        int length =
                (type & 0xe0) == 0xa0
                        ? type & 0x1f
                        : switch (type) {
                            case 0xd9 -> bytes.get() & 0xff;
                            case 0xda -> bytes.getShort() & 0xffff;
                            case 0xdb -> count();
                            default -> throw unexpected("a text", type);
                        };
        require(length);
        byte[] text = new byte[length];
        bytes.get(text);
        return new String(text, StandardCharsets.UTF_8);
    }

    long integer() {
        int type = next();
        if (type < 0x80) {
            return type;
        }
        if (type >= 0xe0) {
            return (byte) type;
        }
        return switch (type) {
            case 0xcc -> bytes.get() & 0xff;
            case 0xcd -> bytes.getShort() & 0xffff;
            case 0xce -> bytes.getInt() & 0xffff_ffffL;
            case 0xcf, 0xd3 -> bytes.getLong();
            case 0xd0 -> bytes.get();
            case 0xd1 -> bytes.getShort();
            case 0xd2 -> bytes.getInt();
            default -> throw unexpected("an integer", type);
        };
    }

    /** Reads the hash of a block: a number, or bytes of which the last eight count. */
    long hash() {
        int type = peek();
        if (type < 0xc4 || type > 0xc6) {
            return integer();
        }
        bytes.get();
        int length = (int) length(type);
        require(length);
        long hash = 0;
        for (int i = 0; i < length; i++) {
            hash = hash << 8 | (bytes.get() & 0xff);
        }
        return hash;
    }

    /** Reads any value, and returns a text that is the same for equal values. */
    String description() {
        int type = peek();
        if ((type & 0xe0) == 0xa0 || (type >= 0xd9 && type <= 0xdb)) {
            return text();
        }
        int start = bytes.position();
        skip();
        byte[] packed = new byte[bytes.position() - start];
        bytes.get(start, packed);
        return "\0" + new String(packed, StandardCharsets.ISO_8859_1);
    }

    void skip() {
        skip(0);
    }

    private void skip(int depth) {
        if (depth > MOST_DEPTH) {
            throw new FormatException("nested too deeply");
        }
        if (nextIsArray()) {
            skip(array(), depth);
        } else if (nextIsMap()) {
            skip(2L * map(), depth);
        } else {
            int type = next();
            long length = length(type);
            require(length);
            bytes.position(bytes.position() + (int) length);
        }
    }

    private void skip(long values, int depth) {
        for (long i = 0; i < values; i++) {
            skip(depth + 1);
        }
    }

    /** Returns the bytes that follow the type of a value that is neither array nor map. */
    private long length(int type) {
        if (type < 0x80 || type >= 0xe0) {
            return 0;
        }
        if ((type & 0xe0) == 0xa0) {
            return type & 0x1f;
        }
        return switch (type) {
            case NIL, 0xc2, 0xc3 -> 0;
            case 0xc4, 0xd9 -> bytes.get() & 0xff;
            case 0xc5, 0xda -> bytes.getShort() & 0xffff;
            case 0xc6, 0xdb -> count();
            case 0xc7 -> 1 + (bytes.get() & 0xff);
            case 0xc8 -> 1 + (bytes.getShort() & 0xffff);
            case 0xc9 -> 1L + count();
            case 0xcc, 0xd0 -> 1;
            case 0xcd, 0xd1 -> 2;
            case 0xca, 0xce, 0xd2 -> 4;
            case 0xcb, 0xcf, 0xd3 -> 8;
            case 0xd4, 0xd5, 0xd6, 0xd7, 0xd8 -> 1 + (1 << (type - 0xd4));
            default -> throw unexpected("a value", type);
        };
    }

    private int count() {
        int count = bytes.getInt();
        // Every element takes a byte at least.
        require(count & 0xffff_ffffL);
        return count;
    }

    private void require(long length) {
        if (length > bytes.remaining()) {
            throw new BufferUnderflowException();
        }
    }

    private int peek() {
        if (!bytes.hasRemaining()) {
            throw new BufferUnderflowException();
        }
        return bytes.get(bytes.position()) & 0xff;
    }

    private int next() {
        return bytes.get() & 0xff;
    }

    private static FormatException unexpected(String expected, int type) {
        return new FormatException(
                "type 0x" + Integer.toHexString(type) + " (expected: " + expected + ")");
    }
}
