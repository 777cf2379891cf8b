package io.weir.body;

/**
 * Tells where events of a {@code text/event-stream} end: after a blank line, with line ends LF, CR
 * or CRLF (HTML standard, server-sent events). A stream is known by its last bytes, the latest one
 * in the lowest bits.
 */
public final class EventEnds {

    /** The last bytes of a stream of which nothing has passed. */
    public static final int BEGINNING = ('\n' << Byte.SIZE) | '\n';

    private EventEnds() {}

    /** Returns the last bytes after one more. */
    public static int after(int last, byte next) {
        return (last << Byte.SIZE) | (next & 0xff);
    }

    /** Returns whether a stream with these last bytes is between two events. */
    public static boolean isBetweenEvents(int last) {
        int one = last & 0xff;
        int two = (last >>> Byte.SIZE) & 0xff;
        int three = (last >>> (2 * Byte.SIZE)) & 0xff;
        boolean crlf = one == '\n' && two == '\r';
        // A CR after an LF is half of a CRLF.
        return crlf ? isLineEnd(three) : one == two && isLineEnd(one);
    }

    private static boolean isLineEnd(int c) {
        return c == '\n' || c == '\r';
    }
}
