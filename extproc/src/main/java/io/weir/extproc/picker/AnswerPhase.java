package io.weir.extproc.picker;

import com.google.protobuf.ByteString;
import com.google.protobuf.Struct;

import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingResponse;
import io.weir.extproc.wire.BodyMode;
import io.weir.extproc.wire.Changes;
import io.weir.extproc.wire.Headers;
import io.weir.extproc.wire.Outbox;
import io.weir.extproc.wire.Replies;
import io.weir.extproc.wire.Reply;
import io.weir.telemetry.ExchangeRecord;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * The answer of one request: read in passing, given back its model's name, and passed on piece by
 * piece.
 */
final class AnswerPhase {

    /** A mark of the reference that conformance tests and dashboards look for. */
    private static final String PASSED_HERE = "x-went-into-resp-headers";

    private final BodyMode requestMode;
    private final BodyMode mode;
    private final PickerOptions options;
    private final boolean asksUsage;
    private final boolean isMeasured;
    private final ExchangeRecord exchange;
    private final Outbox out;
    private @Nullable AnswerReader reader;
    private @Nullable ModelRestorer restorer;
    private @Nullable OpenEvents events;

    /**
     * @param asksUsage whether the client asked for usage, or whether it comes unasked
     * @param isMeasured whether it matters when a stream begins
     */
    AnswerPhase(
            BodyMode requestMode,
            BodyMode mode,
            PickerOptions options,
            boolean asksUsage,
            boolean isMeasured,
            ExchangeRecord exchange,
            Outbox out) {
        this.requestMode = requestMode;
        this.mode = mode;
        this.options = options;
        this.asksUsage = asksUsage;
        this.isMeasured = isMeasured;
        this.exchange = exchange;
        this.out = out;
    }

    /**
     * Answers the headers, with changes that others want.
     *
     * @return whether the answer begins with its headers, rather than with a piece of its body
     */
    boolean headers(Headers received, Changes changes) {
        AnswerReader found = AnswerReader.of(received, exchange);
        reader = found;
        restorer = restorer(received);
        changes.set(PASSED_HERE, "true");
        if (restorer != null && received.has("content-length")) {
            changes.remove("content-length");
        }
        ProcessingResponse.Builder reply = Replies.responseHeaders(changes);
        boolean bodyComes = mode != BodyMode.NONE && !received.endOfStream();
        boolean isOpen = bodyComes && mode == BodyMode.DUPLEX && OpenEvents.are(received);
        events = isOpen ? new OpenEvents() : null;
        boolean skipped = bodyComes && !isNeeded(found);
        if (skipped) {
            reply.setModeOverride(Replies.withoutResponseBody(requestMode));
        }
        out.send(reply.build());
        boolean bodyIsSeen = bodyComes && !(skipped && canSkip());
        return !bodyIsSeen || !found.isStream();
    }

    /** Returns the events that pass; null where none can be added to the answer. */
    @Nullable OpenEvents events() {
        return events;
    }

    /** Envoy does not change the mode where bodies are sent in full duplex. */
    private boolean canSkip() {
        return requestMode != BodyMode.DUPLEX && mode != BodyMode.DUPLEX;
    }

    private boolean isNeeded(AnswerReader found) {
        if (restorer != null) {
            return true;
        }
        return switch (options.responseBodies()) {
            case ALL -> true;
            case REPLACED -> false;
            case NEEDED -> found.reads() && (asksUsage || isMeasured || !exchange.streamed);
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
    void body(ByteString piece, boolean last) {
        if (reader != null) {
            reader.feed(piece);
        }
        if (events != null) {
            events.pass(piece);
        }
        Struct told = last ? attributes() : null;
        if (told == null) {
            pass(piece, last, out::send);
            return;
        }
        List<Reply> replies = new ArrayList<>();
        pass(piece, true, replies::add);
        ProcessingResponse end = replies.removeLast().message();
        replies.forEach(out::send);
        out.send(end.toBuilder().setDynamicMetadata(told).build());
    }

    private @Nullable Struct attributes() {
        UsageAttributes attributes = options.attributes();
        return attributes.isEmpty() || reader == null ? null : attributes.of(reader.usage());
    }

    private void pass(ByteString piece, boolean last, Consumer<Reply> to) {
        switch (mode) {
            case DUPLEX -> Replies.streamResponseBody(restored(piece, last), last, to);
            case STREAMED -> to.accept(replaced(piece, last));
            case BUFFERED, PARTIAL, NONE -> to.accept(replaced(piece, true));
        }
    }

    private Reply replaced(ByteString piece, boolean last) {
        ByteString body = restored(piece, last);
        boolean same = body.equals(piece);
        return new Reply.Message(
                same ? Replies.responseBodyUnchanged() : Replies.responseBody(body));
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
        ProcessingResponse reply = Replies.responseTrailersUnchanged();
        Struct told = attributes();
        out.send(told == null ? reply : reply.toBuilder().setDynamicMetadata(told).build());
    }

    /** Notes what was read and returns the answer's tokens; -1 when unknown. */
    long finish() {
        return reader == null ? -1 : reader.finish();
    }
}
