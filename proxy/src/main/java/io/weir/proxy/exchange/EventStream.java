package io.weir.proxy.exchange;

import io.netty.buffer.ByteBuf;
import io.weir.body.EventEnds;

/** Finds where events of a {@code text/event-stream} end in pieces, as {@link EventEnds} says. */
final class EventStream {

    private EventStream() {}

    /** Returns the last bytes after a piece. */
    static int after(int last, ByteBuf piece) {
        int end = piece.writerIndex();
        if (piece.readableBytes() >= Integer.BYTES) {
            return piece.getInt(end - Integer.BYTES);
        }
        int bytes = last;
        for (int at = piece.readerIndex(); at < end; at++) {
            bytes = EventEnds.after(bytes, piece.getByte(at));
        }
        return bytes;
    }

    /**
     * Returns how many bytes of a piece belong to the event that is under way; -1 when it does not
     * end in the piece.
     */
    static int restOfEvent(int last, ByteBuf piece) {
        int bytes = last;
        int start = piece.readerIndex();
        for (int at = start; at < piece.writerIndex(); at++) {
            bytes = EventEnds.after(bytes, piece.getByte(at));
            if (EventEnds.isBetweenEvents(bytes)) {
                return at + 1 - start;
            }
        }
        return -1;
    }
}
