package io.weir.extproc.wire;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;

import io.grpc.Drainable;
import io.grpc.KnownLength;
import io.weir.extproc.wire.Reply.Side;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * The bytes of a reply with a piece of a body: five nested heads, the piece as it is, and a mark
 * when it is the last.
 *
 * <pre>
 *   ProcessingResponse { request_body = 3 or response_body = 4 { response = 1 {
 *     body_mutation = 3 { streamed_response = 3 { body = 1, end_of_stream = 2 } } } } }
 * </pre>
 */
final class PieceStream extends InputStream implements Drainable, KnownLength {

    private static final int LENGTH_DELIMITED = 2;
    private static final int BODY = 1 << 3 | LENGTH_DELIMITED;
    private static final int STREAMED_RESPONSE = 3 << 3 | LENGTH_DELIMITED;
    private static final int BODY_MUTATION = 3 << 3 | LENGTH_DELIMITED;
    private static final int RESPONSE = 1 << 3 | LENGTH_DELIMITED;
    private static final int REQUEST_BODY = 3 << 3 | LENGTH_DELIMITED;
    private static final int RESPONSE_BODY = 4 << 3 | LENGTH_DELIMITED;
    private static final byte[] LAST = {2 << 3, 1};
    private static final byte[] NOT_LAST = {};
    private static final int MOST_HEAD_BYTES = 5 * 6;

    private final byte[] head = new byte[MOST_HEAD_BYTES];
    private final ByteString piece;
    private final byte[] tail;
    private int headStart = MOST_HEAD_BYTES;
    private @Nullable InputStream rest;

    PieceStream(Reply.Piece reply) {
        piece = reply.bytes();
        tail = reply.last() ? LAST : NOT_LAST;
        if (!piece.isEmpty()) {
            enclose(BODY, piece.size());
        }
        // From the inside out: the length of each is that of what it encloses.
        enclose(STREAMED_RESPONSE, size());
        enclose(BODY_MUTATION, size());
        enclose(RESPONSE, size());
        enclose(reply.side() == Side.REQUEST ? REQUEST_BODY : RESPONSE_BODY, size());
    }

    private int size() {
        return MOST_HEAD_BYTES - headStart + piece.size() + tail.length;
    }

    private void enclose(int tag, int length) {
        int bytes = (Integer.SIZE - 1 - Integer.numberOfLeadingZeros(length | 1)) / 7 + 1;
        headStart -= bytes + 1;
        int at = headStart;
        head[at++] = (byte) tag;
        int left = length;
        while (left > 0x7f) {
            head[at++] = (byte) (left | 0x80);
            left >>>= 7;
        }
        head[at] = (byte) left;
    }

    @Override
    public int drainTo(OutputStream target) throws IOException {
        int size = size();
        target.write(head, headStart, MOST_HEAD_BYTES - headStart);
        piece.writeTo(target);
        target.write(tail);
        return size;
    }

    @Override
    public int available() throws IOException {
        return rest == null ? size() : rest.available();
    }

    @Override
    public int read() throws IOException {
        return rest().read();
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        return rest().read(target, offset, length);
    }

    private InputStream rest() {
        InputStream all = rest;
        if (all == null) {
            all =
                    UnsafeByteOperations.unsafeWrap(head, headStart, MOST_HEAD_BYTES - headStart)
                            .concat(piece)
                            .concat(UnsafeByteOperations.unsafeWrap(tail))
                            .newInput();
            rest = all;
        }
        return all;
    }
}
