package io.weir.proxy.exchange;

import io.netty.buffer.ByteBuf;

/**
 * Finds where events of a {@code text/event-stream} end: after a blank line, with line ends LF, CR
 * or CRLF (HTML standard, server-sent events). A stream is known by its last bytes, the latest one
 * in the lowest bits.
 */
final class EventStream {

    /** The last bytes of a stream of which nothing has passed. */
    static final int BEGINNING = ('\n' << Byte.SIZE) | '\n';

    private EventStream() {}

    /** Returns the last bytes after a piece. */
    static int after(int last, ByteBuf piece) {
        int end = piece.writerIndex();
        if (piece.readableBytes() >= Integer.BYTES) {
            return piece.getInt(end - Integer.BYTES);
        }
        int bytes = last;
        for (int at = piece.readerIndex(); at < end; at++) {
            bytes = (bytes << Byte.SIZE) | (piece.getByte(at) & 0xff);
        }
        return bytes;
    }

    /** Returns whether a stream with these last bytes is between two events. */
    static boolean isBetweenEvents(int last) {
        int one = last & 0xff;
        int two = (last >>> Byte.SIZE) & 0xff;
        int three = (last >>> (2 * Byte.SIZE)) & 0xff;
        boolean crlf = one == '\n' && two == '\r';
        // A CR after an LF is half of a CRLF.
        return crlf ? isLineEnd(three) : one == two && isLineEnd(one);
    }

    /**
     * Returns how many bytes of a piece belong to the event that is under way; -1 when it does not
     * end in the piece.
     */
    static int restOfEvent(int last, ByteBuf piece) {
        int bytes = last;
        int start = piece.readerIndex();
        for (int at = start; at < piece.writerIndex(); at++) {
            bytes = (bytes << Byte.SIZE) | (piece.getByte(at) & 0xff);
            if (isBetweenEvents(bytes)) {
                return at + 1 - start;
            }
        }
        return -1;
    }

    private static boolean isLineEnd(int c) {
        return c == '\n' || c == '\r';
    }
}
