package io.weir.extproc.picker;

import com.google.protobuf.ByteString;

import io.envoyproxy.envoy.service.ext_proc.v3.HttpBody;
import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingRequest;
import io.envoyproxy.envoy.service.ext_proc.v3.ProcessingResponse;
import io.grpc.stub.StreamObserver;
import io.weir.body.BodyException;
import io.weir.extproc.wire.BodyMode;
import io.weir.extproc.wire.IdleStreams;
import io.weir.extproc.wire.Incoming;
import io.weir.extproc.wire.Outbox;
import io.weir.extproc.wire.Replies;
import io.weir.picker.PickResult;
import io.weir.picker.Reservation;
import io.weir.picker.Ticket;
import io.weir.routing.Pool;
import io.weir.telemetry.ExchangeRecord;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

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
 * answers the client in place of the server. An answer that has begun is cut off; a stream of
 * events ends with one that tells the error, after the event that is under way.
 *
 * <p>The proxy's messages, the turn and whatever else ends the stream from outside may come on
 * different threads; one lock orders them. Whatever happens, a reservation is released once: with
 * the answer's end, or with the stream's.
 */
final class PickerStream implements StreamObserver<Incoming>, IdleStreams.Expiring {

    private static final Logger log = LoggerFactory.getLogger(PickerStream.class);

    /** Servers write whole events; what is missing of one is on its way. */
    private static final long REST_MILLIS = 1_000;

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
    private final RequestPhase request;
    private final AnswerSide answer;
    private State state = State.STARTED;
    private Claim claim = Claim.NOTHING;
    private @Nullable Refusal ending;
    private boolean recorded;
    private volatile long lastMessageNanos;

    /**
     * @param elsewhere runs what the ends of other requests bring about for this one
     */
    PickerStream(PickerContext context, Outbox out, Executor elsewhere) {
        this.context = context;
        this.out = out;
        this.elsewhere = elsewhere;
        this.request = new RequestPhase(context, exchange, out);
        this.answer = new AnswerSide(context, exchange, out, request);
    }

    @Override
    public synchronized void onNext(Incoming incoming) {
        if (state == State.DONE) {
            out.next();
            return;
        }
        lastMessageNanos = System.nanoTime();
        try {
            switch (incoming) {
                case Incoming.AnswerPiece(ByteString bytes, boolean last) ->
                        responseBody(bytes, last);
                case Incoming.Message(ProcessingRequest message) -> take(message);
            }
        } catch (RuntimeException e) {
            log.atError().setCause(e).log("a request could not be served");
            refuse(Refusal.internal());
        }
        out.next();
    }

    private void take(ProcessingRequest message) {
        request.metadata(message);
        switch (message.getRequestCase()) {
            case REQUEST_HEADERS -> requestHeaders(message);
            case REQUEST_BODY -> requestBody(message.getRequestBody());
            case REQUEST_TRAILERS -> requestTrailers();
            case RESPONSE_HEADERS -> responseHeaders(message);
            case RESPONSE_BODY -> {
                HttpBody piece = message.getResponseBody();
                responseBody(piece.getBody(), piece.getEndOfStream());
            }
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
        answer.mode(BodyMode.ofResponses(message));
        Question question = request.headers(message);
        if (question != null) {
            pick(question);
            return;
        }
        state = State.READING;
        context.reading().add(this);
        request.letBodyCome();
    }

    private void requestBody(HttpBody piece) {
        switch (state) {
            case READING -> read(piece);
            case QUEUED, PICKED, ANSWERING -> sendInTurn(Replies.requestBodyUnchanged());
            case STARTED -> refuse(Refusal.badRequest("a body came before its headers"));
            case DONE -> {}
        }
    }

    /** Replies that come before the headers' reply are owed until the request's turn. */
    private void sendInTurn(ProcessingResponse reply) {
        if (state == State.QUEUED && claim instanceof Claim.Place place) {
            place.owed().add(reply);
        } else {
            out.send(reply);
        }
    }

    private void read(HttpBody piece) {
        switch (request.add(piece.getBody())) {
            case TOO_LARGE -> refuse(Refusal.tooLarge(context.options().bodyLimitBytes()));
            case NO_ROOM -> refuse(Refusal.noRoom());
            case HELD -> {
                if (piece.getEndOfStream() || request.mode().isBuffered()) {
                    bodyComplete(piece.getEndOfStream());
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
        sendInTurn(Replies.requestTrailersUnchanged());
    }

    private void bodyComplete(boolean endOfStream) {
        context.reading().remove(this);
        try {
            Question question = request.complete(endOfStream);
            if (question != null) {
                pick(question);
            }
        } catch (BodyException e) {
            refuse(Refusal.badRequest(String.valueOf(e.getMessage())));
        }
    }

    private void pick(Question question) {
        Pool pool = context.target().pool();
        if (pool == null) {
            refuse(Refusal.noPool());
            return;
        }
        exchange.pool = pool.key();
        String model = request.model(question, pool);
        if (question.facts() != null && (model == null || model.isEmpty())) {
            refuse(Refusal.badRequest("model not found in request body"));
            return;
        }
        switch (request.pick(question, pool, model)) {
            case PickResult.Decided decided -> decided(decided, question, model);
            case PickResult.Queued(Ticket ticket) -> {
                state = State.QUEUED;
                claim = new Claim.Place(ticket, question, model, new ArrayList<>(1));
                ticket.whenOver(() -> elsewhere.execute(this::waitOver));
            }
        }
    }

    private synchronized void waitOver() {
        if (state != State.QUEUED || !(claim instanceof Claim.Place place)) {
            return;
        }
        claim = Claim.NOTHING;
        try {
            decided(place.ticket().take(), place.question(), place.model());
        } catch (RuntimeException e) {
            log.atError().setCause(e).log("a request could not be served");
            refuse(Refusal.internal());
        }
        place.owed().forEach(out::send);
    }

    private void decided(PickResult.Decided decided, Question question, @Nullable String model) {
        switch (decided) {
            case PickResult.Refused refused -> refuse(Refusal.of(refused));
            case PickResult.Picked(Reservation found) -> {
                claim = new Claim.Held(found);
                state = State.PICKED;
                exchange.pickedNanos = System.nanoTime();
                exchange.endpoint = found.current();
                context.observer().picked(exchange);
                found.whenEvicted(refused -> elsewhere.execute(() -> evicted(refused)));
                request.sendOn(question, model, found);
                exchange.repliedNanos = System.nanoTime();
            }
        }
    }

    private @Nullable Reservation reservation() {
        return claim instanceof Claim.Held(Reservation held) ? held : null;
    }

    private void responseHeaders(ProcessingRequest message) {
        state = State.ANSWERING;
        if (answer.headers(message, reservation(), lastMessageNanos)) {
            finish();
        }
    }

    private void responseBody(ByteString piece, boolean last) {
        if (!answer.hasBegun()) {
            refuse(Refusal.badRequest("an answer's body came before its headers"));
            return;
        }
        Refusal why = ending;
        OpenEvents events = answer.events();
        int rest = why == null || events == null ? -1 : events.restOfEvent(piece);
        if (why != null && rest >= 0) {
            answer.body(piece.substring(0, rest), false, reservation(), lastMessageNanos);
            breakOff(why);
            return;
        }
        answer.body(piece, last, reservation(), lastMessageNanos);
        if (last) {
            finish();
        }
    }

    private void responseTrailers() {
        if (!answer.hasBegun()) {
            out.send(Replies.responseTrailersUnchanged());
            return;
        }
        answer.trailers();
        finish();
    }

    /** The answer is complete; the proxy closes the stream. */
    private void finish() {
        settle(answer.end());
    }

    /** A more important request needs the place of this one. */
    private synchronized void evicted(PickResult.Refused refused) {
        if (reservation() == null) {
            return;
        }
        Refusal why = Refusal.of(refused);
        OpenEvents events = answer.events();
        if (events == null) {
            refuse(why);
        } else if (events.isBetweenEvents()) {
            breakOff(why);
        } else {
            ending = why;
            CompletableFuture.delayedExecutor(REST_MILLIS, TimeUnit.MILLISECONDS, elsewhere)
                    .execute(this::restIsLate);
        }
    }

    private synchronized void restIsLate() {
        Refusal why = ending;
        if (why != null && reservation() != null) {
            refuse(why);
        }
    }

    /** Ends a stream of events; the proxy, whose client has all, closes the stream. */
    private void breakOff(Refusal why) {
        answer.endWith(why.error().event());
        over(why);
    }

    private void refuse(Refusal refusal) {
        if (state != State.DONE) {
            out.send(refusal.reply(context.options().openAiErrors()));
            out.complete();
        }
        over(refusal);
    }

    private void over(Refusal refusal) {
        end();
        exchange.status = refusal.error().status();
        exchange.error = refusal.code();
        settle(Reservation.End.CANCELLED);
        record();
    }

    private void end() {
        state = State.DONE;
        context.reading().remove(this);
        request.release();
    }

    private void settle(Reservation.End end) {
        Claim had = claim;
        claim = Claim.NOTHING;
        switch (had) {
            case Claim.Nothing() -> {}
            case Claim.Place place -> {
                place.ticket().cancel();
                record();
            }
            case Claim.Held(Reservation held) -> {
                held.release(end, answer.tokens());
                record();
            }
        }
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
        closed();
        out.complete();
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
