package io.weir.bench.extproc;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;

import io.envoyproxy.envoy.service.ext_proc.v3.CommonResponse;
import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingResponse;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

import java.nio.ByteBuffer;

/**
 * One request at the picker.
 *
 * <pre>
 *   ASKING ──destination──▶ SENDING ──end of body──▶ ANSWERING ──end of answer──▶ DONE
 * </pre>
 *
 * Any other reply, an end before its time, or a reset make it fail.
 */
final class DirectExchange {

    private static final int GRPC_PREFIX = 5;

    private enum State {
        ASKING,
        SENDING,
        ANSWERING,
        DONE
    }

    private final EnvoyMessages messages;
    private final DirectLoad load;
    private final Line line;
    private final long beganNanos;
    private final long[] sentNanos;
    private final ByteBuf unread = Unpooled.buffer(512);
    private State state = State.ASKING;
    private int sent;
    private int back;
    private long backBytes;
    private long nextChunkNanos;

    /** The HTTP/2 stream. */
    interface Line {

        /** Sends a message, with the next flush. */
        void send(byte[] framed);

        /** Says that nothing more comes. */
        void end();
    }

    DirectExchange(EnvoyMessages messages, DirectLoad load, Line line) {
        this.messages = messages;
        this.load = load;
        this.line = line;
        this.sentNanos = new long[messages.chunks().size()];
        this.beganNanos = System.nanoTime();
    }

    void begin() {
        messages.request().forEach(line::send);
    }

    /** Takes what came, and lets go of it. */
    void received(ByteBuf data) {
        unread.writeBytes(data);
        while (unread.readableBytes() >= GRPC_PREFIX) {
            int length = unread.getInt(unread.readerIndex() + 1);
            if (unread.readableBytes() < GRPC_PREFIX + length) {
                break;
            }
            unread.skipBytes(GRPC_PREFIX);
            reply(unread.nioBuffer(unread.readerIndex(), length));
            unread.skipBytes(length);
        }
        unread.discardSomeReadBytes();
    }

    private void reply(ByteBuffer bytes) {
        try {
            load.replied();
            // Pieces are only looked at, so they needn't be copied.
            CodedInputStream input = UnsafeByteOperations.unsafeWrap(bytes).newCodedInput();
            input.enableAliasing(true);
            take(ProcessingResponse.parser().parseFrom(input));
        } catch (InvalidProtocolBufferException e) {
            failed("not a reply: " + e.getMessage());
        }
    }

    private void take(ProcessingResponse reply) {
        switch (reply.getResponseCase()) {
            case REQUEST_HEADERS -> destination();
            case REQUEST_BODY -> requestPiece(reply.getRequestBody().getResponse());
            case RESPONSE_HEADERS -> {}
            case RESPONSE_BODY -> answerPiece(reply.getResponseBody().getResponse());
            case IMMEDIATE_RESPONSE ->
                    failed("status " + reply.getImmediateResponse().getStatus().getCode());
            default -> failed("unexpected " + reply.getResponseCase());
        }
    }

    private void destination() {
        if (state == State.ASKING) {
            state = State.SENDING;
            load.picked(beganNanos);
        }
    }

    private void requestPiece(CommonResponse piece) {
        boolean last = piece.getBodyMutation().getStreamedResponse().getEndOfStream();
        if (state == State.SENDING && last) {
            state = State.ANSWERING;
            line.send(messages.responseHeaders());
            load.answering(this);
        }
    }

    /** Sends the next pieces of the answer when their time has come. */
    void answer(long now, long intervalNanos) {
        if (nextChunkNanos == 0) {
            nextChunkNanos = now;
        }
        while (state == State.ANSWERING
                && sent < messages.chunks().size()
                && nextChunkNanos <= now) {
            sentNanos[sent] = System.nanoTime();
            line.send(messages.chunks().get(sent++));
            nextChunkNanos += intervalNanos;
        }
    }

    /** Returns whether pieces of the answer are still to be sent. */
    boolean hasMore() {
        return state == State.ANSWERING && sent < messages.chunks().size();
    }

    private void answerPiece(CommonResponse piece) {
        var part = piece.getBodyMutation().getStreamedResponse();
        backBytes += part.getBody().size();
        int count = sentNanos.length;
        int whole = (int) Math.min(count - 1, backBytes / messages.chunkBytes());
        int arrived = part.getEndOfStream() ? count : whole;
        while (back < arrived) {
            load.passed(sentNanos[back++]);
        }
        if (part.getEndOfStream() && state == State.ANSWERING) {
            state = State.DONE;
            line.end();
            load.finished();
        }
    }

    /** The stream is over. */
    void ended() {
        if (state != State.DONE) {
            failed("the stream ended early");
        }
    }

    void failed(String reason) {
        if (state != State.DONE) {
            state = State.DONE;
            load.failed(reason);
        }
    }
}
