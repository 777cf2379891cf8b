package io.weir.extproc.picker;

import com.google.protobuf.ByteString;

import io.envoyproxy.envoy.service.ext_proc.v3.HttpBody;
import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingResponse;
import io.weir.extproc.wire.BodyMode;
import io.weir.extproc.wire.Changes;
import io.weir.extproc.wire.Headers;
import io.weir.extproc.wire.Outbox;
import io.weir.extproc.wire.Replies;
import io.weir.telemetry.ExchangeRecord;

import org.jspecify.annotations.Nullable;

import java.util.Objects;

/**
 * The answer of one request: read in passing, given back its model's name, and passed on piece by
 * piece.
 */
final class AnswerPhase {

    /** A mark of the reference that conformance tests and dashboards look for. */
    private static final String PASSED_HERE = "x-went-into-resp-headers";

    private final BodyMode requestMode;
    private final BodyMode mode;
    private final ResponseBodies wanted;
    private final boolean asksUsage;
    private final ExchangeRecord exchange;
    private final Outbox out;
    private @Nullable AnswerReader reader;
    private @Nullable ModelRestorer restorer;

    /**
     * @param asksUsage whether the client asked for usage, or whether it comes unasked
     */
    AnswerPhase(
            BodyMode requestMode,
            BodyMode mode,
            ResponseBodies wanted,
            boolean asksUsage,
            ExchangeRecord exchange,
            Outbox out) {
        this.requestMode = requestMode;
        this.mode = mode;
        this.wanted = wanted;
        this.asksUsage = asksUsage;
        this.exchange = exchange;
        this.out = out;
    }

    /** Answers the headers, with changes that others want. */
    void headers(Headers received, Changes changes) {
        AnswerReader found = AnswerReader.of(received, exchange);
        reader = found;
        restorer = restorer(received);
        changes.set(PASSED_HERE, "true");
        if (restorer != null && received.has("content-length")) {
            changes.remove("content-length");
        }
        ProcessingResponse.Builder reply = Replies.responseHeaders(changes);
        boolean bodyComes = mode != BodyMode.NONE && !received.endOfStream();
        if (bodyComes && !isNeeded(found)) {
            reply.setModeOverride(Replies.withoutResponseBody(requestMode));
        }
        out.send(reply.build());
    }

    private boolean isNeeded(AnswerReader found) {
        if (restorer != null) {
            return true;
        }
        return switch (wanted) {
            case ALL -> true;
            case REPLACED -> false;
            case NEEDED -> found.reads() && (asksUsage || !exchange.streamed);
        };
    }

    private @Nullable ModelRestorer restorer(Headers received) {
        String asked = exchange.model;
        String target = exchange.targetModel;
        String encoding = received.get("content-encoding");
        boolean readable = encoding == null || encoding.equals("identity");
        if (asked == null || target == null || Objects.equals(asked, target) || !readable) {
            return null;
        }
        return new ModelRestorer(target, asked);
    }

    /** Passes a piece of the body. */
    void body(HttpBody piece) {
        if (reader != null) {
            reader.feed(piece.getBody());
        }
        boolean last = piece.getEndOfStream();
        switch (mode) {
            case DUPLEX ->
                    Replies.streamResponseBody(restored(piece.getBody(), last), last, out::send);
            case STREAMED -> replaced(piece.getBody(), last);
            case BUFFERED, NONE -> replaced(piece.getBody(), true);
        }
    }

    private void replaced(ByteString piece, boolean last) {
        ByteString body = restored(piece, last);
        boolean same = body.equals(piece);
        out.send(same ? Replies.responseBodyUnchanged() : Replies.responseBody(body));
    }

    private ByteString restored(ByteString piece, boolean last) {
        return restorer == null ? piece : restorer.feed(piece, last);
    }

    /** Trailers end a body whose last piece did not say so. */
    void trailers() {
        if (restorer != null && mode == BodyMode.DUPLEX) {
            ByteString rest = restorer.feed(ByteString.EMPTY, true);
            if (!rest.isEmpty()) {
                Replies.streamResponseBody(rest, false, out::send);
            }
        }
        out.send(Replies.responseTrailersUnchanged());
    }

    /** Notes what was read and returns the answer's tokens; -1 when unknown. */
    long finish() {
        return reader == null ? -1 : reader.finish();
    }
}
