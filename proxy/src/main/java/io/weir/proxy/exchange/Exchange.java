package io.weir.proxy.exchange;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.weir.body.BodyFacts;
import io.weir.body.OpenAiError;
import io.weir.body.UsageReader;
import io.weir.config.Listener;
import io.weir.config.Server;
import io.weir.picker.Endpoint;
import io.weir.picker.PickResult;
import io.weir.picker.Reservation;
import io.weir.proxy.exchange.ExchangeState.Attempting;
import io.weir.proxy.exchange.ExchangeState.Beginning;
import io.weir.proxy.exchange.ExchangeState.Collecting;
import io.weir.proxy.exchange.ExchangeState.Ended;
import io.weir.proxy.exchange.ExchangeState.Pausing;
import io.weir.proxy.exchange.ExchangeState.Picking;
import io.weir.proxy.exchange.ExchangeState.Relaying;
import io.weir.proxy.http.HopByHop;
import io.weir.proxy.http.RequestIds;
import io.weir.proxy.upstream.UpstreamFailure;
import io.weir.routing.Backend;
import io.weir.telemetry.ExchangeRecord;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.List;

/**
 * One request, from its head to the last byte of its answer.
 *
 * <pre>
 *                 head
 *                  │
 *            ┌─────▼─────┐  no listener, no route, redirect, no backend, refused
 *            │ Beginning ├───────────────────────────────────────────────┐
 *            └─┬───────┬─┘                                               │
 *     body     │       │ body                                            │
 *     decides  │       │ does not matter                                 │
 *       ┌──────▼─────┐ │                                                 │
 *       │ Collecting ├─┼─ too long, malformed, too slow, no route … ─────┤
 *       └──────┬─────┘ │                                                 │
 *     complete │       │       ┌─────────┐                               │
 *              ├───────┼─────▶ │ Picking ├─ refused, picker failed ──────┤
 *              │       │       └────┬────┘                               │
 *              │       │ ◀── picked ┘ elsewhere                          │
 *            ┌─▼───────▼──┐ ◀──── next endpoint, new connection ──┐      │
 *            │ Attempting ├───── failed, 502, 503, too slow ──────┤      │
 *            └─┬────────▲─┘                           no more │   │      │
 *     answer's │        │ over   ┌─────────┐                  └───┼──────┤
 *     head     │        └────────┤ Pausing │ ◀── same endpoint ───┘      │
 *            ┌─▼────────┐        └─────────┘                             │ own
 *            │ Relaying ├─── cut, or broken off ──────────┐              │ answer
 *            └─┬────────┘                                 │              │
 *              │ last byte                              ┌─▼──────────────▼─┐
 *              └──────────────────────────────────────▶ │      Ended       │
 *                                                       └──────────────────┘
 * </pre>
 *
 * <p>From every state, a client that goes away and the end of the request's time lead to Ended. A
 * body that nothing depends on streams through while the exchange is Attempting or Relaying. A
 * client whose answer is cut sees that it is incomplete; a stream that is broken off for a more
 * important request ends with an event that says so.
 */
public final class Exchange {

    private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);
    private static final int CLIENT_CLOSED_REQUEST = 499;
    private static final byte[] NOTHING = {};

    private final Worker worker;
    private final Server server;
    private final ClientInfo client;
    private final ClientStream stream;
    private final ExchangeRecord record = new ExchangeRecord();
    private final RequestBody body;
    private final RequestFlow flow;
    private final ExchangeTimers timers;

    private ExchangeState state = Beginning.BEGINNING;
    private boolean inBegin;

    /**
     * Makes an exchange.
     *
     * @param worker what the exchanges of the loop share
     * @param server the port as the snapshot of this moment has it
     * @param client who asks
     * @param stream the client's side
     */
    public Exchange(Worker worker, Server server, ClientInfo client, ClientStream stream) {
        this.worker = worker;
        this.server = server;
        this.client = client;
        this.stream = stream;
        this.body = new RequestBody(stream.alloc(), worker.bodies());
        this.flow = new RequestFlow(stream, body, worker.retryLimits().maxReplayBytes());
        this.timers = new ExchangeTimers(this, worker);
    }

    /** Starts with a decoded head. The exchange may be over when this returns. */
    public void begin(HttpRequest message) {
        worker.exchangesChanged(1);
        worker.retryBudget().request();
        record.receivedNanos = worker.now();
        record.method = message.method().name();
        record.path = message.uri();
        record.requestId = worker.ids().of(message.headers());
        inBegin = true;
        try {
            IncomingRequest request = IncomingRequest.of(message);
            record.path = request.path();
            worker.observer().begun(record, request::header);
            begin(request);
        } catch (BadRequest e) {
            answer(Answer.refused(e.status(), String.valueOf(e.getMessage())));
        } finally {
            inBegin = false;
        }
    }

    private void begin(IncomingRequest request) {
        Listener listener = server.listenerFor(request.host());
        if (listener == null) {
            answer(Answer.error(OpenAiError.notFound("Unknown host."), "no listener for the host"));
            return;
        }
        record.gateway = listener.gateway().toString();
        record.listener = listener.name();
        Answer models = worker.models().answer(listener, request);
        if (models != null) {
            answer(models);
        } else if (Routing.needsBody(listener, request)) {
            collect(request, listener, null);
        } else {
            route(request, listener, null);
        }
    }

    // From head to endpoints.

    private void collect(
            IncomingRequest request, Listener listener, Routing.Result.@Nullable Found route) {
        Answer tooMuch = BodyReading.refusalOf(request.bodyBytes(), listener, worker);
        if (tooMuch != null) {
            answer(tooMuch);
            return;
        }
        BodyReading reading = new BodyReading(worker, request);
        Answer refusal = reading.refusal();
        if (refusal != null) {
            answer(refusal);
            return;
        }
        state = new Collecting(request, listener, reading, route);
        if (request.expectsContinue()) {
            stream.sendContinue();
        }
    }

    private void collected(Collecting collecting) {
        Answer refusal = collecting.reading().finish();
        if (refusal != null) {
            answer(refusal);
            return;
        }
        BodyFacts facts = collecting.reading().facts();
        if (facts != null) {
            record.model = facts.model();
        }
        if (collecting.route() == null) {
            route(collecting.request(), collecting.listener(), facts);
        } else {
            Routing.setDerivedHeaders(collecting.listener(), collecting.request(), facts);
            forward(collecting.request(), collecting.route(), facts);
        }
    }

    private void route(IncomingRequest request, Listener listener, @Nullable BodyFacts facts) {
        Routing.setDerivedHeaders(listener, request, facts);
        var origin = new Routing.Origin(client.scheme(), server.port());
        switch (Routing.route(listener, request, record.model, origin)) {
            case Routing.Result.Answered(var rule, Answer answer) -> {
                record.rule = rule;
                answer(answer);
            }
            case Routing.Result.Found found -> {
                record.rule = found.rule();
                boolean readByPicker = found.backend().backend() instanceof Backend.ToPool;
                if (readByPicker && request.hasBody() && !body.isComplete()) {
                    collect(request, listener, found);
                } else {
                    forward(request, found, facts);
                }
            }
        }
    }

    private void forward(
            IncomingRequest request, Routing.Result.Found route, @Nullable BodyFacts facts) {
        var preparation = new Preparation(worker, request, body, client, record);
        switch (preparation.prepare(route, facts)) {
            case Preparation.Result.Answered(Answer answer) -> answer(answer);
            case Preparation.Result.Ready(Forwarding forwarding, List<MirrorCopy> mirrors) -> {
                timers.limit(forwarding.rule(), record.receivedNanos);
                start(request.expectsContinue(), forwarding);
                mirrors.forEach(body::share);
            }
            case Preparation.Result.Asking(PendingPick pick, List<MirrorCopy> mirrors) -> {
                mirrors.forEach(body::share);
                timers.limit(pick.route().rule(), record.receivedNanos);
                state = new Picking(pick);
                pick.begin(this);
            }
        }
    }

    /** Called when a pick that took its time has come to an end. */
    void picked(PendingPick pick, Preparation.Result result) {
        if (!(state instanceof Picking(PendingPick current)) || current != pick) {
            return;
        }
        switch (result) {
            case Preparation.Result.Answered(Answer answer) -> answer(answer);
            case Preparation.Result.Ready(Forwarding forwarding, _) -> start(false, forwarding);
            case Preparation.Result.Asking _ -> throw new IllegalStateException("picked twice");
        }
    }

    private void start(boolean expectsContinue, Forwarding forwarding) {
        if (expectsContinue && !body.isComplete()) {
            stream.sendContinue();
        }
        forwarding.endpoints().whenEvicted(refused -> worker.execute(() -> evicted(refused)));
        attempt(forwarding, forwarding.endpoints().current(), false);
    }

    // Attempts.

    private void attempt(Forwarding forwarding, Endpoint endpoint, boolean freshConnection) {
        record.endpoint = endpoint;
        record.attempts++;
        forwarding.addressRequest();
        Attempt attempt = new Attempt(this, worker, forwarding.request());
        state = new Attempting(forwarding, attempt);
        long timeout = forwarding.rule().backendRequestTimeout().toNanos();
        attempt.start(endpoint, freshConnection, timeout);
    }

    private void follow(Forwarding forwarding, Attempts.Next.Again again) {
        if (again.waitNanos() == 0) {
            attempt(forwarding, again.endpoint(), again.freshConnection());
        } else {
            state = new Pausing(forwarding, again);
            timers.pause(again.waitNanos());
        }
    }

    /** Called when the pause before an attempt is over. */
    void resume() {
        if (state instanceof Pausing(Forwarding forwarding, Attempts.Next.Again again)) {
            attempt(forwarding, again.endpoint(), again.freshConnection());
        }
    }

    /** Called when the request so far was written to a connection. */
    void attemptConnected(Attempt attempt) {
        // While the client's read lasts, the rest of the body may follow: one flush will do.
        if (body.isComplete() || !inBegin) {
            attempt.flush();
        }
        flow.resume(attempt);
    }

    void attemptFailed(UpstreamFailure failure, String detail) {
        switch (state) {
            case Attempting(Forwarding forwarding, _) -> {
                Attempts.Next next =
                        body.canReplay()
                                ? forwarding.attempts().afterFailure(failure)
                                : Attempts.Next.GiveUp.GIVE_UP;
                proceed(forwarding, next, Answer.upstreamFailed(failure, detail));
            }
            case Relaying _ -> cut(failure + ": " + detail);
            case Beginning _, Collecting _, Picking _, Pausing _, Ended _ -> {}
        }
    }

    void attemptTimedOut(Attempt attempt) {
        switch (state) {
            case Attempting(Forwarding forwarding, _) -> {
                attempt.cancel();
                Attempts.Next next =
                        body.canReplay()
                                ? forwarding.attempts().afterTimeout()
                                : Attempts.Next.GiveUp.GIVE_UP;
                proceed(forwarding, next, tooSlow("backend request timeout"));
            }
            case Relaying _ -> cut("backend request timeout");
            case Beginning _, Collecting _, Picking _, Pausing _, Ended _ -> {}
        }
    }

    private void proceed(Forwarding forwarding, Attempts.Next next, Answer otherwise) {
        switch (next) {
            case Attempts.Next.Again again -> follow(forwarding, again);
            case Attempts.Next.GiveUp _ -> answer(otherwise);
        }
    }

    // The request's body.

    /** Takes over a piece of the request's body. */
    public void requestPiece(ByteBuf piece) {
        record.requestBytes += piece.readableBytes();
        switch (state) {
            case Collecting collecting -> collectPiece(collecting, piece);
            case Attempting(_, Attempt attempt) -> flow.stream(attempt, piece);
            case Relaying(_, Attempt attempt, _) -> flow.pass(attempt, piece);
            case Pausing _ -> flow.hold(piece);
            case Beginning _, Picking _, Ended _ -> piece.release();
        }
    }

    private void collectPiece(Collecting collecting, ByteBuf piece) {
        collecting.reading().feed(piece);
        body.hold(piece);
        Listener listener = collecting.listener();
        long most = Math.min(listener.bodyLimitBytes(), worker.bodies().limitBytes());
        if (body.bytes() > most) {
            answer(Answer.bodyTooLarge(most));
        } else if (!body.isWithinBudget()) {
            answer(Answer.tooManyBodies());
        }
    }

    /** Says that the request's body is complete. */
    public void requestEnd(HttpHeaders trailers) {
        body.complete(trailers);
        record.bodyReadNanos = worker.now();
        switch (state) {
            case Collecting collecting -> collected(collecting);
            case Attempting(_, Attempt attempt) -> attempt.requestEnd();
            case Relaying(_, Attempt attempt, _) -> attempt.requestEnd();
            case Beginning _, Picking _, Pausing _, Ended _ -> {}
        }
    }

    /** Says that all bytes that had arrived from the client were handed over. */
    public void requestReadComplete() {
        switch (state) {
            case Attempting(_, Attempt attempt) -> attempt.flush();
            case Relaying(_, Attempt attempt, _) -> attempt.flush();
            case Beginning _, Collecting _, Picking _, Pausing _, Ended _ -> {}
        }
    }

    void requestWritabilityChanged() {
        switch (state) {
            case Attempting(_, Attempt attempt) -> flow.resume(attempt);
            case Relaying(_, Attempt attempt, _) -> flow.resume(attempt);
            case Beginning _, Collecting _, Picking _, Pausing _, Ended _ -> {}
        }
    }

    /** Says that the client sends its body too slowly. */
    public void bodyTimedOut() {
        breakOff(408, "The request body did not arrive in time.");
    }

    /** Says that the client's body is malformed. */
    public void bodyMalformed() {
        breakOff(400, "The request body is malformed.");
    }

    private void breakOff(int status, String message) {
        switch (state) {
            case Collecting _, Picking _, Attempting _, Pausing _ ->
                    answer(Answer.refused(status, message));
            case Relaying _ -> cut(message);
            case Beginning _, Ended _ -> {}
        }
    }

    // The answer.

    void responseHead(Attempt attempt, HttpResponse response) {
        if (!(state instanceof Attempting(Forwarding forwarding, _))) {
            return;
        }
        int status = response.status().code();
        if (body.canReplay()
                && forwarding.attempts().afterStatus(status) instanceof Attempts.Next.Again next) {
            attempt.cancel();
            follow(forwarding, next);
        } else {
            relay(forwarding, attempt, response);
        }
    }

    private void relay(Forwarding forwarding, Attempt attempt, HttpResponse response) {
        record.status = response.status().code();
        body.release();
        HttpHeaders headers = response.headers();
        HopByHop.remove(headers);
        UsageReader usage = forwarding.metered() ? ResponseRelay.usageReader(headers) : null;
        if (ResponseRelay.isEventStream(headers)) {
            // Servers send the heads of streams before they have worked on anything.
            record.streamed = true;
            worker.streamsChanged(1);
        } else {
            firstByte(forwarding);
        }
        forwarding.filterResponse(headers);
        headers.set(RequestIds.HEADER, record.requestId);
        ResponseRelay relay = new ResponseRelay(this, worker, attempt, stream, record, usage);
        state = new Relaying(forwarding, attempt, relay);
        relay.start();
        relay.head(response.status(), headers, forwarding.responsePicker());
    }

    private void firstByte(Forwarding forwarding) {
        record.firstByteNanos = worker.now();
        forwarding.endpoints().firstByte();
    }

    void responseBody(ByteBuf piece) {
        if (state instanceof Relaying(Forwarding forwarding, _, ResponseRelay relay)) {
            if (record.firstByteNanos == 0) {
                firstByte(forwarding);
            }
            relay.piece(piece);
        } else {
            piece.release();
        }
    }

    void responseReadComplete() {
        if (state instanceof Relaying) {
            stream.flush();
        }
    }

    void responseEnd(HttpHeaders trailers) {
        if (state instanceof Relaying(_, _, ResponseRelay relay)) {
            relay.end(trailers);
        }
    }

    /** Called when all of the answer was passed on. */
    void relayed(HttpHeaders trailers) {
        if (state instanceof Relaying) {
            finish(Reservation.End.COMPLETED);
            stream.end(trailers);
        }
    }

    /** Called when the picker has an answer of its own in place of the server's. */
    void overruled(Answer answer) {
        switch (state) {
            case Attempting _, Pausing _, Relaying _ -> answer(answer);
            case Beginning _, Collecting _, Picking _, Ended _ -> {}
        }
    }

    void responseStalled(String reason) {
        if (state instanceof Relaying) {
            cut(reason);
        }
    }

    /** Says that the client can take more. */
    public void clientWritable() {
        if (state instanceof Relaying(_, _, ResponseRelay relay)) {
            relay.clientWritable();
        }
    }

    /** Says that the client is gone: nothing more is written to it. */
    public void clientGone() {
        if (state == Ended.ENDED) {
            return;
        }
        if (record.status == 0) {
            record.status = CLIENT_CLOSED_REQUEST;
        }
        record.error = "the client went away";
        finish(Reservation.End.CANCELLED);
    }

    /** Ends an exchange that met an error of the program. */
    public void broken(Throwable cause) {
        LOG.atError()
                .setMessage("Exchange broken")
                .addKeyValue("requestId", record.requestId)
                .setCause(cause)
                .log();
        switch (state) {
            case Beginning _, Collecting _, Picking _, Attempting _, Pausing _ ->
                    answer(
                            Answer.error(
                                    OpenAiError.internal("The gateway failed."), cause.toString()));
            case Relaying _ -> cut(cause.toString());
            case Ended _ -> {}
        }
    }

    /** Called when a more important request needs the place of this one. */
    private void evicted(PickResult.Refused refused) {
        switch (state) {
            case Attempting _, Pausing _ ->
                    answer(Answer.refusedByPicker(refused, ""), Reservation.End.CANCELLED);
            case Relaying(_, _, ResponseRelay relay) -> {
                if (!relay.endEarly(refused)) {
                    brokenOff(refused, NOTHING);
                }
            }
            case Beginning _, Collecting _, Picking _, Ended _ -> {}
        }
    }

    /**
     * Ends an answer that has begun for a more important request.
     *
     * @param lastWords what the client's stream ends with; empty to cut the client off
     */
    void brokenOff(PickResult.Refused refused, byte[] lastWords) {
        if (!(state instanceof Relaying)) {
            return;
        }
        record.status = refused.reason().status();
        if (lastWords.length == 0) {
            cut(refused.message(), Reservation.End.CANCELLED);
            return;
        }
        record.error = refused.message();
        record.responseBytes += lastWords.length;
        finish(Reservation.End.CANCELLED);
        stream.body(Unpooled.wrappedBuffer(lastWords));
        stream.end(EmptyHttpHeaders.INSTANCE);
    }

    /** Called when the time for the whole request is over. */
    void timedOut(String what) {
        switch (state) {
            case Picking _, Attempting _, Pausing _ -> answer(tooSlow(what));
            case Relaying _ -> cut(what);
            case Beginning _, Collecting _, Ended _ -> {}
        }
    }

    private static Answer tooSlow(String what) {
        return Answer.error(OpenAiError.timeout("The model server took too long."), what);
    }

    private void answer(Answer answer) {
        answer(answer, Reservation.End.FAILED);
    }

    private void answer(Answer answer, Reservation.End end) {
        record.status = answer.status();
        record.error = answer.error().isEmpty() ? null : answer.error();
        record.responseBytes = answer.body().length;
        finish(end);
        HttpHeaders headers = answer.headers();
        headers.setInt(HttpHeaderNames.CONTENT_LENGTH, answer.body().length);
        headers.set(RequestIds.HEADER, record.requestId);
        stream.head(HttpResponseStatus.valueOf(answer.status()), headers);
        stream.body(Unpooled.wrappedBuffer(answer.body()));
        stream.end(EmptyHttpHeaders.INSTANCE);
    }

    private void cut(String reason) {
        cut(reason, Reservation.End.FAILED);
    }

    private void cut(String reason, Reservation.End end) {
        record.error = reason;
        finish(end);
        stream.abort();
    }

    private void finish(Reservation.End end) {
        ExchangeState last = state;
        state = Ended.ENDED;
        timers.cancel();
        body.release();
        switch (last) {
            case Collecting collecting -> collecting.reading().close();
            case Picking(PendingPick pick) -> pick.cancel("the request is over");
            case Attempting(Forwarding forwarding, Attempt attempt) -> {
                attempt.cancel();
                forwarding.release(end, -1);
            }
            case Pausing(Forwarding forwarding, _) -> forwarding.release(end, -1);
            case Relaying(Forwarding forwarding, Attempt attempt, ResponseRelay relay) -> {
                attempt.cancel();
                relay.close();
                forwarding.release(end, relay.completionTokens());
            }
            case Beginning _, Ended _ -> {}
        }
        if (record.streamed) {
            worker.streamsChanged(-1);
        }
        worker.exchangesChanged(-1);
        report();
    }

    private void report() {
        record.endNanos = worker.now();
        try {
            worker.observer().completed(record);
        } catch (RuntimeException e) {
            LOG.atError().setMessage("Observer failed").setCause(e).log();
        }
    }
}
