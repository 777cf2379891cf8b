package io.weir.extproc.picker;

import com.google.protobuf.ByteString;

import io.weir.body.EventEnds;
import io.weir.extproc.wire.Headers;

/** A stream of events to which one more can be added: knows where the event under way ends. */
final class OpenEvents {

    private int last = EventEnds.BEGINNING;

    /**
     * Returns whether text can be added to an answer with these headers, and be read as an event.
     */
    static boolean are(Headers answer) {
        String encoding = answer.get("content-encoding");
        return AnswerReader.isEventStream(answer)
                && !answer.has("content-length")
                && (encoding == null || encoding.equals("identity"));
    }

    boolean isBetweenEvents() {
        return EventEnds.isBetweenEvents(last);
    }

    /** A piece passes. */
    void pass(ByteString piece) {
        for (int at = Math.max(0, piece.size() - Integer.BYTES); at < piece.size(); at++) {
            last = EventEnds.after(last, piece.byteAt(at));
        }
    }

    /**
     * Returns how many bytes of a piece belong to the event that is under way; -1 when it does not
     * end in the piece.
     */
    int restOfEvent(ByteString piece) {
        int bytes = last;
        for (int at = 0; at < piece.size(); at++) {
            bytes = EventEnds.after(bytes, piece.byteAt(at));
            if (EventEnds.isBetweenEvents(bytes)) {
                return at + 1;
            }
        }
        return -1;
    }
}
