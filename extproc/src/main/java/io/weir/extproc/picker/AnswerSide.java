package io.weir.extproc.picker;

import com.google.protobuf.ByteString;

import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingRequest;
import io.weir.extproc.wire.BodyMode;
import io.weir.extproc.wire.Changes;
import io.weir.extproc.wire.Headers;
import io.weir.extproc.wire.Outbox;
import io.weir.picker.Reservation;
import io.weir.telemetry.ExchangeRecord;

import org.jspecify.annotations.Nullable;

/**
 * The answer of one stream: whose it is, when it began, and what its endpoint is charged with.
 *
 * <pre>
 *   EXPECTED ──headers──▶ PASSING (an {@link AnswerPhase}) ──end of body, trailers──▶ PASSING, ended
 * </pre>
 */
final class AnswerSide {

    private final PickerContext context;
    private final ExchangeRecord exchange;
    private final Outbox out;
    private final RequestPhase request;
    private BodyMode mode = BodyMode.DUPLEX;
    private @Nullable AnswerPhase phase;
    private boolean failed;

    AnswerSide(PickerContext context, ExchangeRecord exchange, Outbox out, RequestPhase request) {
        this.context = context;
        this.exchange = exchange;
        this.out = out;
        this.request = request;
    }

    void mode(BodyMode bodies) {
        mode = bodies;
    }

    /** Returns whether its headers have come. */
    boolean hasBegun() {
        return phase != null;
    }

    /**
     * Answers the headers.
     *
     * @param held the endpoint; null when there is none any more
     * @param nowNanos when they came
     * @return whether nothing follows
     */
    boolean headers(ProcessingRequest message, @Nullable Reservation held, long nowNanos) {
        Headers received = Headers.of(message.getResponseHeaders());
        exchange.status = received.status();
        String served = ServedEndpoint.named(message);
        if (served != null && held != null) {
            ServedEndpoint.follow(served, held, context.options().fallbacks());
            exchange.endpoint = held.current();
        }
        failed = ServedEndpoint.isProxysOwn(received, served);
        AnswerPhase begun =
                new AnswerPhase(
                        request.mode(),
                        mode,
                        context.options(),
                        request.asksUsage(),
                        held != null && held.isMeasured(),
                        exchange,
                        out);
        phase = begun;
        if (begun.headers(received, changes(message, held))) {
            begun(held, nowNanos);
        }
        return received.endOfStream();
    }

    private Changes changes(ProcessingRequest message, @Nullable Reservation held) {
        Changes changes = new Changes();
        if (held != null) {
            held.responseHeaders().forEach(field -> changes.set(field.name(), field.value()));
        }
        if (context.options().verifiesServed()) {
            changes.set(ServedVerifier.HEADER, ServedVerifier.said(message.getMetadataContext()));
        }
        return changes;
    }

    /** The first of an answer: its headers, or the first piece of a stream. */
    private void begun(@Nullable Reservation held, long nowNanos) {
        if (exchange.firstByteNanos != 0) {
            return;
        }
        exchange.firstByteNanos = nowNanos;
        if (held != null && !failed) {
            held.firstByte();
        }
    }

    /** Passes a piece of the body of an answer that has begun. */
    void body(ByteString piece, boolean last, @Nullable Reservation held, long nowNanos) {
        begun(held, nowNanos);
        if (phase != null) {
            phase.body(piece, last);
        }
    }

    /** Returns the events that pass; null where none can be added to the answer. */
    @Nullable OpenEvents events() {
        return phase == null ? null : phase.events();
    }

    /** Ends the body of an answer that has begun, whatever its server would say next. */
    void endWith(byte[] lastWords) {
        if (phase != null) {
            phase.body(ByteString.copyFrom(lastWords), true);
        }
    }

    /** Passes the trailers of an answer that has begun. */
    void trailers() {
        if (phase != null) {
            phase.trailers();
        }
    }

    /** Returns how an answer that has ended counts. */
    Reservation.End end() {
        return failed ? Reservation.End.FAILED : Reservation.End.COMPLETED;
    }

    /** Notes what was read and returns the answer's tokens; -1 when unknown. */
    long tokens() {
        return phase == null ? -1 : phase.finish();
    }
}
