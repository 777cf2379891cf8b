package io.weir.extproc.wire;

import com.google.protobuf.UnsafeByteOperations;

import org.jspecify.annotations.Nullable;

/**
 * Reads the message in which a piece of an answer's body comes, straight from its bytes:
 *
 * <pre>
 *   ProcessingRequest { response_body = 5 { body = 1, end_of_stream = 2 }, metadata_context = 8, attributes = 9 }
 * </pre>
 *
 * Says nothing about any other message, be it of another kind, from a newer proxy or malformed: the
 * generated classes judge those.
 */
final class AnswerPieces {

    private static final int RESPONSE_BODY = 5 << 3 | 2;
    private static final int METADATA_CONTEXT = 8 << 3 | 2;
    private static final int ATTRIBUTES = 9 << 3 | 2;
    private static final int BODY = 1 << 3 | 2;
    private static final int END_OF_STREAM = 2 << 3;
    private static final int MOST_LENGTH_BITS = 28;

    private final byte[] bytes;
    private int at;

    private AnswerPieces(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Returns the piece, whose bytes stay in the array, or null when it is another message. */
    static Incoming.@Nullable AnswerPiece read(byte[] message) {
        return new AnswerPieces(message).message();
    }

    private Incoming.@Nullable AnswerPiece message() {
        Incoming.AnswerPiece found = null;
        while (at < bytes.length) {
            int tag = bytes[at++];
            int end = end(bytes.length);
            if (end < 0) {
                return null;
            }
            switch (tag) {
                case RESPONSE_BODY -> {
                    found = found == null ? piece(end) : null;
                    if (found == null) {
                        return null;
                    }
                }
                case METADATA_CONTEXT, ATTRIBUTES -> at = end;
                default -> {
                    return null;
                }
            }
        }
        return found;
    }

    private Incoming.@Nullable AnswerPiece piece(int end) {
        int bodyStart = at;
        int bodyEnd = at;
        boolean last = false;
        while (at < end) {
            int tag = bytes[at++];
            if (tag == BODY) {
                bodyEnd = end(end);
                bodyStart = at;
                at = bodyEnd;
            } else if (tag == END_OF_STREAM && at < end && bytes[at] >= 0) {
                last = bytes[at++] != 0;
            } else {
                return null;
            }
            if (bodyEnd < 0) {
                return null;
            }
        }
        return new Incoming.AnswerPiece(
                UnsafeByteOperations.unsafeWrap(bytes, bodyStart, bodyEnd - bodyStart), last);
    }

    /** Reads a length and returns where it leads; -1 when that is not before the limit. */
    private int end(int limit) {
        int length = 0;
        for (int shift = 0; shift < MOST_LENGTH_BITS && at < limit; shift += 7) {
            byte next = bytes[at++];
            length |= (next & 0x7f) << shift;
            if (next >= 0) {
                return length <= limit - at ? at + length : -1;
            }
        }
        return -1;
    }
}
