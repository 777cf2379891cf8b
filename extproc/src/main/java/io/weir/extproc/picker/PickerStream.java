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
import io.weir.extproc.wire.Replies;
import io.weir.picker.Endpoint;
import io.weir.picker.PickResult;
import io.weir.picker.Reservation;
import io.weir.picker.Ticket;
import io.weir.routing.Pool;
import io.weir.telemetry.ExchangeObserver;
import io.weir.telemetry.ExchangeRecord;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * One request at the endpoint picker.
 *
 * <pre>
 *   STARTED ──headers──▶ READING ──end of body──▶ PICKED ──response headers──▶ ANSWERING ──▶ DONE
 *      │                    │    │                  ▲  │
 *      │ no body follows    │    └──▶ QUEUED ──turn─┘  │ stream ends: the request was
 *      ▼                    │ not valid, no endpoint,  ▼ cancelled or never sent
 *    PICKED or QUEUED       ▼ too large, no turn      DONE
 *                          DONE
 * </pre>
 *
 * The proxy's messages and the turn may come on different threads; they are worked on one after the
 * other. Whatever happens, a reservation is released once: with the answer's end, or with the
 * stream's.
 */
final class PickerStream implements StreamObserver<ProcessingRequest> {

    private static final Logger log = LoggerFactory.getLogger(PickerStream.class);

    private enum State {
        STARTED,
        READING,
        QUEUED,
        PICKED,
        ANSWERING,
        DONE
    }

    private final PickerTarget target;
    private final PickerOptions options;
    private final ExchangeObserver observer;
    private final StreamObserver<ProcessingResponse> replies;
    private final Consumer<Runnable> executor;
    private final InTurn inTurn = new InTurn();
    private final ExchangeRecord exchange = new ExchangeRecord();
    private final List<ProcessingResponse> owed = new ArrayList<>(0);
    private State state = State.STARTED;
    private BodyMode requestMode = BodyMode.DUPLEX;
    private BodyMode responseMode = BodyMode.DUPLEX;
    private BodyBuffer body = BodyBuffer.holding(0);
    private @Nullable Headers headers;
    private @Nullable SubsetHint subset;
    private @Nullable Reservation reservation;
    private @Nullable AnswerReader answer;
    private @Nullable Asked asked;
    private @Nullable Ticket ticket;

    /** What was asked of the picker. */
    private record Asked(@Nullable BodyFacts facts, @Nullable String model, boolean endOfStream) {}

    PickerStream(
            PickerTarget target,
            PickerOptions options,
            ExchangeObserver observer,
            StreamObserver<ProcessingResponse> replies,
            Consumer<Runnable> executor) {
        this.target = target;
        this.options = options;
        this.observer = observer;
        this.replies = replies;
        this.executor = executor;
    }

    @Override
    public void onNext(ProcessingRequest message) {
        inTurn.run(() -> received(message));
    }

    private void received(ProcessingRequest message) {
        if (state == State.DONE) {
            return;
        }
        if (!options.ignoreSubset() && message.hasMetadataContext() && subset == null) {
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
        exchange.receivedNanos = System.nanoTime();
        requestMode = BodyMode.ofRequests(message);
        responseMode = BodyMode.ofResponses(message);
        Headers received = Headers.of(message.getRequestHeaders());
        headers = received;
        exchange.method = received.method();
        exchange.path = received.path();
        exchange.requestId = received.get(HeaderNames.REQUEST_ID);
        boolean bodyFollows = !received.endOfStream() && requestMode != BodyMode.NONE;
        if (!bodyFollows || requestMode == BodyMode.STREAMED) {
            pick(received, null, received.endOfStream());
            return;
        }
        state = State.READING;
        body = isRead(received) ? BodyBuffer.reading(options.bodyLimitBytes()) : held();
        if (requestMode == BodyMode.BUFFERED) {
            replies.onNext(Replies.requestHeadersUnchanged());
        }
    }

    private BodyBuffer held() {
        return BodyBuffer.holding(options.bodyLimitBytes());
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
            case PICKED, ANSWERING -> replies.onNext(Replies.requestBodyUnchanged());
            case STARTED -> refuse(Refusal.badRequest("a body came before its headers"));
            case DONE -> {}
        }
    }

    private void read(HttpBody piece) {
        if (!body.add(piece.getBody())) {
            refuse(Refusal.tooLarge(options.bodyLimitBytes()));
        } else if (piece.getEndOfStream() || requestMode == BodyMode.BUFFERED) {
            bodyComplete(true);
        }
    }

    /** Trailers end a body whose last piece did not say so. */
    private void requestTrailers() {
        if (state == State.READING) {
            bodyComplete(false);
        }
        if (state == State.QUEUED) {
            owed.add(Replies.requestTrailersUnchanged());
        } else if (state != State.DONE) {
            replies.onNext(Replies.requestTrailersUnchanged());
        }
    }

    private void bodyComplete(boolean endOfStream) {
        exchange.bodyReadNanos = System.nanoTime();
        exchange.requestBytes = body.bytes().size();
        Headers received = headers;
        if (received == null) {
            return;
        }
        try {
            BodyFacts facts = body.facts();
            exchange.streamed = facts != null && facts.stream();
            pick(received, facts, endOfStream);
        } catch (BodyException e) {
            refuse(Refusal.badRequest(String.valueOf(e.getMessage())));
        }
    }

    private void pick(Headers received, @Nullable BodyFacts facts, boolean endOfStream) {
        Pool pool = target.pool();
        if (pool == null) {
            refuse(Refusal.noPool());
            return;
        }
        exchange.pool = pool.key();
        Pick pick = new Pick(target, pool, received, exchange);
        String model = pick.targetModel(facts);
        if (facts != null && (model == null || model.isEmpty())) {
            refuse(Refusal.badRequest("model not found in request body"));
            return;
        }
        Asked question = new Asked(facts, model, endOfStream);
        switch (pick.pick(facts, model, body, subset)) {
            case PickResult.Decided decided -> decided(decided, question);
            case PickResult.Queued(Ticket place) -> {
                state = State.QUEUED;
                asked = question;
                ticket = place;
                place.whenOver(() -> executor.accept(() -> inTurn.run(this::waitOver)));
            }
        }
    }

    private void waitOver() {
        Ticket place = ticket;
        Asked question = asked;
        if (state != State.QUEUED || place == null || question == null) {
            return;
        }
        ticket = null;
        asked = null;
        decided(place.take(), question);
        if (state != State.DONE) {
            owed.forEach(replies::onNext);
        }
        owed.clear();
    }

    private void decided(PickResult.Decided decided, Asked question) {
        switch (decided) {
            case PickResult.Refused refused -> refuse(Refusal.of(refused));
            case PickResult.Picked(Reservation found) -> {
                reservation = found;
                state = State.PICKED;
                ByteString toSend = picked(found, Pick.splice(question.facts(), question.model()));
                boolean hadBody = exchange.bodyReadNanos != 0;
                if (hadBody && requestMode == BodyMode.DUPLEX) {
                    Replies.streamRequestBody(toSend, question.endOfStream(), replies::onNext);
                }
                body = BodyBuffer.holding(0);
            }
        }
    }

    private ByteString picked(Reservation found, @Nullable ModelSplice splice) {
        exchange.pickedNanos = System.nanoTime();
        exchange.endpoint = found.current();
        ByteString toSend = splice == null ? body.bytes() : body.spliced(splice);
        String destination =
                found.ordered(options.fallbacks()).stream()
                        .map(Endpoint::authority)
                        .collect(Collectors.joining(","));
        Changes changes = new Changes().set(HeaderNames.DESTINATION, destination);
        HeaderNames.CONTROL.forEach(changes::remove);
        found.requestHeaders().forEach(field -> changes.set(field.name(), field.value()));
        if (state == State.PICKED && exchange.bodyReadNanos != 0) {
            changes.set("content-length", Integer.toString(toSend.size()));
        }
        Struct metadata =
                Replies.metadata(HeaderNames.LB_NAMESPACE, HeaderNames.DESTINATION, destination);
        replies.onNext(reply(changes, splice, toSend).setDynamicMetadata(metadata).build());
        return toSend;
    }

    private ProcessingResponse.Builder reply(
            Changes changes, @Nullable ModelSplice splice, ByteString toSend) {
        if (requestMode != BodyMode.BUFFERED || exchange.bodyReadNanos == 0) {
            return Replies.requestHeaders(changes);
        }
        return splice == null
                ? Replies.bufferedRequestBody(changes)
                : Replies.bufferedRequestBody(changes, toSend);
    }

    private void responseHeaders(ProcessingRequest message) {
        Headers received = Headers.of(message.getResponseHeaders());
        exchange.firstByteNanos = System.nanoTime();
        exchange.status = received.status();
        served(message);
        if (reservation != null) {
            reservation.firstByte();
        }
        answer = AnswerReader.of(received, exchange);
        state = State.ANSWERING;
        replies.onNext(Replies.responseHeaders(answerChanges()).build());
        if (received.endOfStream()) {
            finish();
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

    /** The proxy may have gone down the list; the reservation follows it. */
    private void served(ProcessingRequest message) {
        Struct lb =
                message.getMetadataContext().getFilterMetadataMap().get(HeaderNames.LB_NAMESPACE);
        Value value = lb == null ? null : lb.getFieldsMap().get(HeaderNames.SERVED);
        if (value == null || reservation == null) {
            return;
        }
        Endpoint at = reservation.current();
        for (int moves = 1;
                at != null
                        && moves < options.fallbacks()
                        && !at.authority().equals(value.getStringValue());
                moves++) {
            at = reservation.next();
        }
        exchange.endpoint = reservation.current();
    }

    private void responseBody(HttpBody piece) {
        if (answer != null) {
            answer.feed(piece.getBody());
        }
        if (responseMode == BodyMode.DUPLEX) {
            Replies.streamResponseBody(piece.getBody(), piece.getEndOfStream(), replies::onNext);
        } else {
            replies.onNext(Replies.responseBodyUnchanged());
        }
        if (piece.getEndOfStream()) {
            finish();
        }
    }

    private void responseTrailers() {
        replies.onNext(Replies.responseTrailersUnchanged());
        finish();
    }

    /** The answer is complete; the proxy closes the stream. */
    private void finish() {
        settle(Reservation.End.COMPLETED);
    }

    private void refuse(Refusal refusal) {
        state = State.DONE;
        body = BodyBuffer.holding(0);
        exchange.status = refusal.error().status();
        exchange.error = refusal.code();
        replies.onNext(refusal.reply(options.openAiErrors()));
        replies.onCompleted();
        record();
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
        exchange.endNanos = System.nanoTime();
        observer.completed(exchange);
    }

    @Override
    public void onError(Throwable cause) {
        inTurn.run(() -> broken(cause));
    }

    private void broken(Throwable cause) {
        log.atDebug().setCause(cause).log("the stream was cancelled");
        state = State.DONE;
        settle(Reservation.End.CANCELLED);
    }

    @Override
    public void onCompleted() {
        inTurn.run(this::ended);
    }

    /** A proxy that skips the response's body ends the stream when the response ends. */
    private void ended() {
        State before = state;
        state = State.DONE;
        settle(before == State.ANSWERING ? Reservation.End.COMPLETED : Reservation.End.CANCELLED);
        if (before != State.DONE) {
            replies.onCompleted();
        }
    }
}
