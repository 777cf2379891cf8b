package io.weir.extproc.picker;

import com.google.protobuf.ByteString;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;

import io.envoyproxy.envoy.service.ext_proc.v3.HttpBody;
import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingRequest;
import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingResponse;
import io.grpc.stub.StreamObserver;
import io.weir.body.BodyException;
import io.weir.body.BodyFacts;
import io.weir.body.ContentKind;
import io.weir.body.ContentKinds;
import io.weir.body.ModelSplice;
import io.weir.extproc.wire.BodyBuffer;
import io.weir.extproc.wire.BodyMode;
import io.weir.extproc.wire.Changes;
import io.weir.extproc.wire.HeaderNames;
import io.weir.extproc.wire.Headers;
import io.weir.extproc.wire.IdleStreams;
import io.weir.extproc.wire.Outbox;
import io.weir.extproc.wire.Replies;
import io.weir.picker.Endpoint;
import io.weir.picker.PickResult;
import io.weir.picker.Reservation;
import io.weir.picker.Ticket;
import io.weir.routing.Pool;
import io.weir.telemetry.ExchangeRecord;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executor;

/**
 * One request at the endpoint picker.
 *
 * <pre>
 *   STARTED ──headers──▶ READING ──end of body──▶ PICKED ──response headers──▶ ANSWERING ──▶ DONE
 *      │                    │    │                  ▲  │
 *      │ no body follows    │    └──▶ QUEUED ──turn─┘  │ stream ends: the request was
 *      ▼                    │ not valid, no room,      ▼ cancelled or never sent
 *    PICKED or QUEUED       ▼ no endpoint, idle,      DONE
 *                          DONE  no turn
 * </pre>
 *
 * From PICKED and ANSWERING, the need of a more important request leads to DONE, too: the proxy
 * answers the client in place of the server, or cuts an answer off that has begun.
 *
 * <p>The proxy's messages, the turn and whatever else ends the stream from outside may come on
 * different threads; one lock orders them. Whatever happens, a reservation is released once: with
 * the answer's end, or with the stream's.
 */
final class PickerStream implements StreamObserver<ProcessingRequest>, IdleStreams.Expiring {

    private static final Logger log = LoggerFactory.getLogger(PickerStream.class);

    private enum State {
        STARTED,
        READING,
        QUEUED,
        PICKED,
        ANSWERING,
        DONE
    }

    private final PickerContext context;
    private final Outbox out;
    private final Executor elsewhere;
    private final ExchangeRecord exchange = new ExchangeRecord();
    private final List<ProcessingResponse> owed = new ArrayList<>(0);
    private State state = State.STARTED;
    private BodyMode requestMode = BodyMode.DUPLEX;
    private BodyMode responseMode = BodyMode.DUPLEX;
    private BodyBuffer body;
    private @Nullable Headers headers;
    private @Nullable String newRequestId;
    private @Nullable SubsetHint subset;
    private @Nullable Reservation reservation;
    private @Nullable AnswerPhase answer;
    private @Nullable Asked asked;
    private @Nullable Ticket ticket;
    private @Nullable EndpointScores scores;
    private boolean asksUsage = true;
    private boolean failed;
    private boolean recorded;
    private volatile long lastMessageNanos;

    /** What was asked of the picker. */
    private record Asked(
            Headers headers,
            @Nullable BodyFacts facts,
            @Nullable String model,
            boolean endOfStream) {}

    /**
     * @param elsewhere runs what the ends of other requests bring about for this one
     */
    PickerStream(PickerContext context, Outbox out, Executor elsewhere) {
        this.context = context;
        this.out = out;
        this.elsewhere = elsewhere;
        this.body = BodyBuffer.holding(0, context.held());
    }

    @Override
    public synchronized void onNext(ProcessingRequest message) {
        if (state == State.DONE) {
            return;
        }
        lastMessageNanos = System.nanoTime();
        try {
            take(message);
        } catch (RuntimeException e) {
            log.atError().setCause(e).log("a request could not be served");
            refuse(Refusal.internal());
        }
        out.next();
    }

    private void take(ProcessingRequest message) {
        boolean reads = !context.options().ignoreSubset();
        if (reads && message.hasMetadataContext() && subset == null) {
            subset = SubsetHint.of(message.getMetadataContext());
        }
        switch (message.getRequestCase()) {
            case REQUEST_HEADERS -> requestHeaders(message);
            case REQUEST_BODY -> requestBody(message.getRequestBody());
            case REQUEST_TRAILERS -> requestTrailers();
            case RESPONSE_HEADERS -> responseHeaders(message);
            case RESPONSE_BODY -> responseBody(message.getResponseBody());
            case RESPONSE_TRAILERS -> responseTrailers();
            case REQUEST_NOT_SET -> log.atDebug().log("an empty message was ignored");
        }
    }

    private void requestHeaders(ProcessingRequest message) {
        if (state != State.STARTED) {
            refuse(Refusal.badRequest("request headers came twice"));
            return;
        }
        exchange.receivedNanos = lastMessageNanos;
        requestMode = BodyMode.ofRequests(message);
        responseMode = BodyMode.ofResponses(message);
        Headers received = Headers.of(message.getRequestHeaders());
        headers = received;
        exchange.method = received.method();
        exchange.path = received.path();
        exchange.requestId = requestId(received);
        context.observer().begun(exchange, received::get);
        boolean bodyFollows = !received.endOfStream() && requestMode != BodyMode.NONE;
        if (!bodyFollows || requestMode == BodyMode.STREAMED) {
            pick(received, null, Told.NOTHING, received.endOfStream());
            return;
        }
        state = State.READING;
        context.reading().add(this);
        body = newBody(isRead(received));
        if (requestMode == BodyMode.BUFFERED) {
            out.send(Replies.requestHeadersUnchanged());
        }
    }

    private String requestId(Headers received) {
        String given = received.get(HeaderNames.REQUEST_ID);
        if (given == null) {
            newRequestId = UUID.randomUUID().toString();
        }
        return given == null ? String.valueOf(newRequestId) : given;
    }

    private BodyBuffer newBody(boolean read) {
        long limit = context.options().bodyLimitBytes();
        return read
                ? BodyBuffer.reading(limit, context.held())
                : BodyBuffer.holding(limit, context.held());
    }

    private static boolean isRead(Headers headers) {
        return ContentKinds.of(
                        headers.method(),
                        headers.path(),
                        headers.get("content-type"),
                        headers.get("content-encoding"))
                == ContentKind.SCAN;
    }

    private void requestBody(HttpBody piece) {
        switch (state) {
            case READING -> read(piece);
            case QUEUED -> owed.add(Replies.requestBodyUnchanged());
            case PICKED, ANSWERING -> out.send(Replies.requestBodyUnchanged());
            case STARTED -> refuse(Refusal.badRequest("a body came before its headers"));
            case DONE -> {}
        }
    }

    private void read(HttpBody piece) {
        switch (body.add(piece.getBody())) {
            case TOO_LARGE -> refuse(Refusal.tooLarge(context.options().bodyLimitBytes()));
            case NO_ROOM -> refuse(Refusal.noRoom());
            case HELD -> {
                if (piece.getEndOfStream() || requestMode == BodyMode.BUFFERED) {
                    bodyComplete(true);
                }
            }
        }
    }

    /** Trailers end a body whose last piece did not say so. */
    private void requestTrailers() {
        if (state == State.STARTED) {
            refuse(Refusal.badRequest("trailers came before their headers"));
        }
        if (state == State.READING) {
            bodyComplete(false);
        }
        if (state == State.QUEUED) {
            owed.add(Replies.requestTrailersUnchanged());
        } else {
            out.send(Replies.requestTrailersUnchanged());
        }
    }

    private void bodyComplete(boolean endOfStream) {
        context.reading().remove(this);
        exchange.bodyReadNanos = System.nanoTime();
        exchange.requestBytes = body.bytes().size();
        Headers received = headers;
        if (received == null) {
            return;
        }
        try {
            BodyFacts facts = facts(received);
            asksUsage = asksUsage(received, facts);
            Told told = told(received, facts);
            exchange.streamed = told.stream();
            pick(received, facts, told, endOfStream);
        } catch (BodyException e) {
            refuse(Refusal.badRequest(String.valueOf(e.getMessage())));
        }
    }

    private @Nullable BodyFacts facts(Headers received) throws BodyException {
        boolean named = ModelApis.include(received);
        try {
            BodyFacts facts = body.facts();
            return named || facts == null || facts.model() != null ? facts : null;
        } catch (BodyException e) {
            if (named) {
                throw e;
            }
            return null;
        }
    }

    private Told told(Headers received, @Nullable BodyFacts facts) {
        return facts == null
                ? GrpcRequestReader.read(received.path(), body.bytes())
                : Told.json(received.path(), body, facts);
    }

    /** Streams of the two older APIs tell usage only when they are asked to; others always do. */
    private static boolean asksUsage(Headers received, @Nullable BodyFacts facts) {
        return facts == null || facts.includeUsage() || !received.path().endsWith("/completions");
    }

    private void pick(Headers received, @Nullable BodyFacts facts, Told told, boolean endOfStream) {
        Pool pool = context.target().pool();
        if (pool == null) {
            refuse(Refusal.noPool());
            return;
        }
        exchange.pool = pool.key();
        Pick pick = new Pick(context.target(), pool, received, exchange);
        String model = pick.targetModel(facts);
        if (facts != null && (model == null || model.isEmpty())) {
            refuse(Refusal.badRequest("model not found in request body"));
            return;
        }
        Asked question = new Asked(received, facts, model, endOfStream);
        scores = context.options().emitScores() ? new EndpointScores() : null;
        switch (pick.pick(facts, told, model, subset, scores)) {
            case PickResult.Decided decided -> decided(decided, question);
            case PickResult.Queued(Ticket place) -> {
                state = State.QUEUED;
                asked = question;
                ticket = place;
                place.whenOver(() -> elsewhere.execute(this::waitOver));
            }
        }
    }

    private synchronized void waitOver() {
        Ticket place = ticket;
        Asked question = asked;
        if (state != State.QUEUED || place == null || question == null) {
            return;
        }
        ticket = null;
        asked = null;
        try {
            decided(place.take(), question);
        } catch (RuntimeException e) {
            log.atError().setCause(e).log("a request could not be served");
            refuse(Refusal.internal());
        }
        owed.forEach(out::send);
        owed.clear();
    }

    private void decided(PickResult.Decided decided, Asked question) {
        switch (decided) {
            case PickResult.Refused refused -> refuse(Refusal.of(refused));
            case PickResult.Picked(Reservation found) -> {
                ModelSplice splice = Pick.splice(question.facts(), question.model());
                ByteString toSend = picked(question.headers(), found, splice);
                boolean hadBody = exchange.bodyReadNanos != 0;
                if (hadBody && requestMode == BodyMode.DUPLEX) {
                    Replies.streamRequestBody(toSend, question.endOfStream(), out::send);
                }
                body.release();
            }
        }
    }

    private ByteString picked(Headers received, Reservation found, @Nullable ModelSplice splice) {
        reservation = found;
        state = State.PICKED;
        exchange.pickedNanos = System.nanoTime();
        exchange.endpoint = found.current();
        found.whenEvicted(refused -> elsewhere.execute(() -> evicted(refused)));
        ByteString toSend = splice == null ? body.bytes() : body.spliced(splice);
        PickedReply reply =
                new PickedReply(
                        received, found, context.options().fallbacks(), scores, exchange.trace);
        boolean sawBody = exchange.bodyReadNanos != 0;
        if (!sawBody) {
            out.send(reply.withHeaders(newRequestId));
        } else if (requestMode != BodyMode.BUFFERED) {
            out.send(reply.withHeaders(newRequestId, toSend));
        } else {
            out.send(
                    splice == null
                            ? reply.withBody(newRequestId)
                            : reply.withBody(newRequestId, toSend));
        }
        return toSend;
    }

    private void responseHeaders(ProcessingRequest message) {
        Headers received = Headers.of(message.getResponseHeaders());
        exchange.status = received.status();
        String served = served(message);
        failed = isProxysOwn(received, served);
        AnswerPhase phase =
                new AnswerPhase(
                        requestMode,
                        responseMode,
                        context.options(),
                        asksUsage,
                        reservation != null && reservation.isMeasured(),
                        exchange,
                        out);
        answer = phase;
        state = State.ANSWERING;
        Changes changes = answerChanges();
        if (context.options().verifiesServed()) {
            changes.set(ServedVerifier.HEADER, ServedVerifier.said(message.getMetadataContext()));
        }
        if (phase.headers(received, changes)) {
            begun();
        }
        if (received.endOfStream()) {
            finish();
        }
    }

    /** The first of an answer: its headers, or the first piece of a stream. */
    private void begun() {
        if (exchange.firstByteNanos != 0) {
            return;
        }
        exchange.firstByteNanos = lastMessageNanos;
        if (reservation != null && !failed) {
            reservation.firstByte();
        }
    }

    private Changes answerChanges() {
        Changes changes = new Changes();
        if (reservation != null) {
            reservation
                    .responseHeaders()
                    .forEach(field -> changes.set(field.name(), field.value()));
        }
        return changes;
    }

    /** A proxy that reached no server answers with one of these by itself. */
    private static boolean isProxysOwn(Headers received, @Nullable String served) {
        return switch (received.status()) {
            case 502, 503, 504 -> served == null && !received.has("x-envoy-upstream-service-time");
            default -> false;
        };
    }

    /** The proxy may have gone down the list; the reservation follows it. */
    private @Nullable String served(ProcessingRequest message) {
        Struct lb =
                message.getMetadataContext().getFilterMetadataMap().get(HeaderNames.LB_NAMESPACE);
        Value value = lb == null ? null : lb.getFieldsMap().get(HeaderNames.SERVED);
        Reservation held = reservation;
        if (value == null || held == null) {
            return value == null ? null : value.getStringValue();
        }
        String served = value.getStringValue();
        boolean listed =
                held.ordered(context.options().fallbacks()).stream()
                        .anyMatch(endpoint -> endpoint.authority().equals(served));
        Endpoint at = held.current();
        while (listed && at != null && !at.authority().equals(served)) {
            at = held.next();
        }
        exchange.endpoint = held.current();
        return served;
    }

    private void responseBody(HttpBody piece) {
        AnswerPhase phase = answer;
        if (phase == null) {
            refuse(Refusal.badRequest("an answer's body came before its headers"));
            return;
        }
        begun();
        phase.body(piece);
        if (piece.getEndOfStream()) {
            finish();
        }
    }

    private void responseTrailers() {
        AnswerPhase phase = answer;
        if (phase == null) {
            out.send(Replies.responseTrailersUnchanged());
            return;
        }
        phase.trailers();
        finish();
    }

    /** The answer is complete; the proxy closes the stream. */
    private void finish() {
        settle(failed ? Reservation.End.FAILED : Reservation.End.COMPLETED);
    }

    /** A more important request needs the place of this one. */
    private synchronized void evicted(PickResult.Refused refused) {
        if (reservation != null) {
            refuse(Refusal.of(refused));
        }
    }

    private void refuse(Refusal refusal) {
        boolean open = state != State.DONE;
        end();
        exchange.status = refusal.error().status();
        exchange.error = refusal.code();
        if (open) {
            out.send(refusal.reply(context.options().openAiErrors()));
            out.complete();
        }
        settle(Reservation.End.CANCELLED);
        record();
    }

    private void end() {
        state = State.DONE;
        context.reading().remove(this);
        body.release();
    }

    private void settle(Reservation.End end) {
        Ticket place = ticket;
        if (place != null) {
            ticket = null;
            place.cancel();
            record();
            return;
        }
        Reservation held = reservation;
        if (held == null) {
            return;
        }
        reservation = null;
        long tokens = answer == null ? -1 : answer.finish();
        held.release(end, tokens);
        record();
    }

    private void record() {
        if (recorded || exchange.receivedNanos == 0) {
            return;
        }
        recorded = true;
        exchange.endNanos = System.nanoTime();
        context.observer().completed(exchange);
    }

    @Override
    public long lastMessageNanos() {
        return lastMessageNanos;
    }

    @Override
    public synchronized void expire() {
        if (state == State.READING) {
            refuse(Refusal.idle());
        }
    }

    @Override
    public synchronized void onError(Throwable cause) {
        log.atDebug().setCause(cause).log("the stream was cancelled");
        closed();
    }

    @Override
    public synchronized void onCompleted() {
        boolean open = state != State.DONE;
        closed();
        if (open) {
            out.complete();
        }
    }

    /** A proxy that skips the response's body ends the stream when the response ends. */
    private void closed() {
        boolean answering = state == State.ANSWERING;
        end();
        if (answering) {
            finish();
        } else {
            settle(Reservation.End.CANCELLED);
        }
    }
}
