package io.weir.proxy.exchange;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.weir.picker.Endpoint;
import io.weir.picker.external.BodyChange;
import io.weir.picker.external.ExternalPicker.Responses;
import io.weir.picker.external.HeaderChange;
import io.weir.picker.external.PickerFailure;
import io.weir.picker.external.PickerFailure.Cause;
import io.weir.picker.external.PickerFailure.Effect;
import io.weir.picker.external.PickerListener;
import io.weir.picker.external.PickerReply;
import io.weir.picker.external.PickerReply.Side;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.List;

/**
 * Shows an answer to the picker that chose the server, and passes on what the picker makes of it.
 *
 * <p>What the picker was sent is held until it comes back, so that the answer goes on without the
 * picker when its stream breaks. That is impossible after the picker has sent other bytes than it
 * was sent, or when there is no room to hold them: then the client is cut off.
 */
final class ResponseReview implements PickerListener {

    /** Bytes that may wait for the picker before the server is not read any more. */
    private static final int MAX_WAITING_BYTES = 64 * 1024;

    private final ExchangeServing exchange;
    private final Worker worker;
    private final ResponseRelay relay;
    private final PickerSession session;
    private final Responses wanted;
    private final ArrayDeque<ByteBuf> unsent = new ArrayDeque<>();
    private final ArrayDeque<ByteBuf> unanswered = new ArrayDeque<>();
    private final ArrayDeque<ByteBuf> early = new ArrayDeque<>();
    private HttpResponseStatus status = HttpResponseStatus.OK;
    private HttpHeaders headers = EmptyHttpHeaders.INSTANCE;
    private @Nullable HttpHeaders trailers;
    private long unsentBytes;
    private long heldBytes;
    private boolean headDone;
    private boolean endSent;
    private boolean changed;
    private boolean complete;
    private boolean passing;
    private boolean closed;

    ResponseReview(
            ExchangeServing exchange,
            Worker worker,
            ResponseRelay relay,
            Forwarding.ResponsePicker picker,
            boolean hasBody) {
        this.exchange = exchange;
        this.worker = worker;
        this.relay = relay;
        this.session = picker.session();
        this.wanted = hasBody ? picker.responses() : Responses.HEADERS;
    }

    // From the server.

    void head(HttpResponseStatus answered, HttpHeaders itsHeaders, Endpoint served) {
        status = answered;
        headers = itsHeaders;
        session.heardBy(this);
        session.stream()
                .responseHead(
                        sink -> {
                            sink.accept(":status", Integer.toString(status.code()));
                            headers.forEach(h -> sink.accept(h.getKey(), h.getValue()));
                        },
                        served);
        session.expectReply(true);
    }

    /** Takes over a piece. */
    void piece(ByteBuf piece) {
        if (passing) {
            relay.deliver(piece);
            return;
        }
        if (closed || complete) {
            piece.release();
            return;
        }
        unsent.add(piece);
        unsentBytes += piece.readableBytes();
        send();
        if (unsentBytes > MAX_WAITING_BYTES) {
            relay.hold(true);
        }
    }

    void end(HttpHeaders itsTrailers) {
        if (passing) {
            exchange.relayed(itsTrailers);
            return;
        }
        trailers = itsTrailers;
        send();
    }

    /** Stops or resumes listening to the picker, because of the client. */
    void pause(boolean pause) {
        session.stream().pauseReading(pause);
    }

    // To the picker.

    @Override
    public void ready() {
        send();
    }

    private void send() {
        if (passing || wanted != Responses.FULL) {
            return;
        }
        while (!unsent.isEmpty() && session.stream().isReady()) {
            ByteBuf piece = unsent.remove();
            unsentBytes -= piece.readableBytes();
            session.stream().responseBody(piece.nioBuffer(), false);
            hold(piece);
        }
        if (unsentBytes <= MAX_WAITING_BYTES / 2) {
            relay.hold(false);
        }
        if (trailers != null && unsent.isEmpty() && !endSent) {
            sendEnd(trailers);
        }
    }

    private void sendEnd(HttpHeaders last) {
        endSent = true;
        if (last.isEmpty()) {
            session.stream().responseBody(ByteBuffer.allocate(0), true);
            unanswered.add(Unpooled.EMPTY_BUFFER);
        } else {
            session.stream()
                    .responseTrailers(
                            sink -> last.forEach(t -> sink.accept(t.getKey(), t.getValue())));
        }
        session.expectReply(true);
    }

    private void hold(ByteBuf piece) {
        if (changed) {
            piece.release();
            return;
        }
        heldBytes += piece.readableBytes();
        unanswered.add(piece);
        if (!worker.bodies().take(piece.readableBytes())) {
            forget();
        }
    }

    /** From now on the answer depends on the picker. */
    private void forget() {
        changed = true;
        unanswered.forEach(ByteBuf::release);
        unanswered.clear();
        giveBack(heldBytes);
    }

    private void giveBack(long bytes) {
        heldBytes -= bytes;
        worker.bodies().giveBack(bytes);
    }

    // From the picker.

    @Override
    public void reply(PickerReply reply) {
        if (closed || passing) {
            return;
        }
        switch (reply) {
            case PickerReply.Head head when head.side() == Side.RESPONSE && !headDone -> head(head);
            case PickerReply.Body body when body.side() == Side.RESPONSE -> body(body);
            case PickerReply.Trailers last when last.side() == Side.RESPONSE && trailersSent() ->
                    trailers(last);
            case PickerReply.Answer answer -> answer(answer);
            case PickerReply.Head _, PickerReply.Body _, PickerReply.Trailers _ ->
                    broken("the picker answered what was not sent");
            case PickerReply.Working _ -> {}
        }
        if (!closed && !passing) {
            session.expectReply(!headDone || endSent);
            finishWhenComplete();
        }
        if (!closed) {
            relay.flush();
        }
    }

    private void head(PickerReply.Head head) {
        change(head.changes());
        boolean replaces = head.body() instanceof BodyChange.Replaced;
        if (wanted == Responses.FULL || replaces) {
            headers.remove(HttpHeaderNames.CONTENT_LENGTH);
        }
        deliverHead();
        if (head.body() instanceof BodyChange.Replaced(ByteBuffer bytes)) {
            forget();
            out(Unpooled.copiedBuffer(bytes));
            complete = true;
        } else if (wanted != Responses.FULL) {
            session.finish();
            passOn();
        }
    }

    private void change(List<HeaderChange> changes) {
        HeaderChanges.apply(changes, headers);
        String code = HeaderChanges.valueOf(changes, ":status");
        if (code != null && code.length() == 3 && code.charAt(0) >= '2' && code.charAt(0) <= '5') {
            status = parsed(code);
        }
    }

    private HttpResponseStatus parsed(String code) {
        boolean digits = code.chars().allMatch(c -> c >= '0' && c <= '9');
        return digits ? HttpResponseStatus.valueOf(Integer.parseInt(code)) : status;
    }

    private void deliverHead() {
        headDone = true;
        relay.deliverHead(status, headers);
        while (!early.isEmpty()) {
            relay.deliver(early.remove());
        }
    }

    private void out(ByteBuf piece) {
        if (!piece.isReadable()) {
            piece.release();
        } else if (headDone) {
            relay.deliver(piece);
        } else {
            early.add(piece);
        }
    }

    private void body(PickerReply.Body body) {
        if (!headDone) {
            change(body.changes());
        }
        switch (body.body()) {
            case BodyChange.Streamed(ByteBuffer bytes, boolean last) -> {
                streamed(bytes);
                complete |= last;
            }
            case BodyChange.Unchanged _ -> {
                ByteBuf piece = answered();
                if (piece != null) {
                    out(piece);
                }
            }
            case BodyChange.Replaced(ByteBuffer bytes) -> {
                ByteBuf piece = answered();
                if (piece != null) {
                    piece.release();
                    out(Unpooled.copiedBuffer(bytes));
                }
            }
        }
    }

    /** Returns the piece that is answered as a whole; null when it is not known any more. */
    private @Nullable ByteBuf answered() {
        ByteBuf piece = unanswered.poll();
        if (piece == null) {
            broken("the picker answered a piece that was not sent, or is not held any more");
            return null;
        }
        giveBack(piece.readableBytes());
        complete |= endSent && unanswered.isEmpty() && trailers != null && trailers.isEmpty();
        return piece;
    }

    private void streamed(ByteBuffer bytes) {
        ByteBuf came = Unpooled.wrappedBuffer(bytes);
        if (!changed && !isNext(came)) {
            forget();
        }
        if (!changed) {
            consume(came.readableBytes());
        }
        out(came);
    }

    private boolean isNext(ByteBuf bytes) {
        int at = bytes.readerIndex();
        int left = bytes.readableBytes();
        for (ByteBuf piece : unanswered) {
            int length = Math.min(left, piece.readableBytes());
            if (!ByteBufUtil.equals(bytes, at, piece, piece.readerIndex(), length)) {
                return false;
            }
            at += length;
            left -= length;
            if (left == 0) {
                return true;
            }
        }
        return left == 0;
    }

    private void consume(int count) {
        int left = count;
        while (left > 0) {
            ByteBuf piece = unanswered.element();
            int length = Math.min(left, piece.readableBytes());
            piece.skipBytes(length);
            left -= length;
            if (!piece.isReadable()) {
                unanswered.remove().release();
            }
        }
        giveBack(count);
    }

    private boolean trailersSent() {
        return endSent && trailers != null && !trailers.isEmpty();
    }

    private void trailers(PickerReply.Trailers last) {
        if (trailers != null) {
            HeaderChanges.apply(last.changes(), trailers);
        }
        complete = true;
    }

    private void answer(PickerReply.Answer answer) {
        if (headDone) {
            exchange.responseStalled("the picker answered in the middle of the response");
        } else {
            exchange.overruled(ExternalPick.own(answer));
        }
    }

    private void finishWhenComplete() {
        if (complete && headDone) {
            exchange.relayed(trailers == null ? EmptyHttpHeaders.INSTANCE : trailers);
        }
    }

    // Without the picker.

    @Override
    public void ended() {
        failed(Cause.BROKEN, "the picker ended the stream");
    }

    @Override
    public void failed(Cause cause, String reason) {
        if (closed || passing) {
            return;
        }
        Effect effect = changed ? Effect.CUT : Effect.UNREVIEWED;
        relay.record().pickerFailure = new PickerFailure(cause, effect, reason);
        if (changed) {
            exchange.responseStalled(reason);
            return;
        }
        if (!headDone) {
            deliverHead();
        }
        passOn();
        if (!closed) {
            relay.flush();
        }
    }

    private void broken(String reason) {
        session.cancel(reason);
        failed(Cause.INVALID, reason);
    }

    /** Passes on what is held; what follows passes by itself. */
    private void passOn() {
        passing = true;
        giveBack(heldBytes);
        drain(unanswered);
        drain(unsent);
        unsentBytes = 0;
        relay.hold(false);
        if (trailers != null) {
            exchange.relayed(trailers);
        }
    }

    private void drain(ArrayDeque<ByteBuf> pieces) {
        while (!pieces.isEmpty()) {
            out(pieces.remove());
        }
    }

    /** Lets go of everything. */
    void close() {
        if (!closed) {
            closed = true;
            giveBack(heldBytes);
            unanswered.forEach(ByteBuf::release);
            unsent.forEach(ByteBuf::release);
            early.forEach(ByteBuf::release);
            unanswered.clear();
            unsent.clear();
            early.clear();
        }
    }
}
