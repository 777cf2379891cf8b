package io.weir.body;

import java.nio.ByteBuffer;

/**
 * Goes through a buffer as arrays: a heap buffer's own, else a small copy of one piece after the
 * other. Loops over an array are enough faster than over a buffer to pay for copies that stay in
 * the processor's first cache.
 */
final class Pieces {

    private static final int SMALLEST = 512;
    private static final int LARGEST = 4_096;

    private byte[] copy = {};
    private byte[] bytes = copy;
    private int from;
    private int to;

    /** Takes the next bytes from a buffer and moves its position behind them; false at its end. */
    boolean next(ByteBuffer buffer) {
        if (!buffer.hasRemaining()) {
            bytes = copy;
            return false;
        }
        if (buffer.hasArray()) {
            bytes = buffer.array();
            from = buffer.arrayOffset() + buffer.position();
            to = from + buffer.remaining();
            buffer.position(buffer.limit());
        } else {
            copy(buffer);
        }
        return true;
    }

    /** Returns the array whose bytes {@code [from, to)} were taken; not to be changed nor kept. */
    byte[] bytes() {
        return bytes;
    }

    int from() {
        return from;
    }

    int to() {
        return to;
    }

    private void copy(ByteBuffer buffer) {
        from = 0;
        to = Math.min(buffer.remaining(), LARGEST);
        if (to > copy.length) {
            copy = new byte[Math.max(SMALLEST, Integer.highestOneBit(2 * to - 1))];
        }
        bytes = copy;
        buffer.get(copy, 0, to);
    }
}
