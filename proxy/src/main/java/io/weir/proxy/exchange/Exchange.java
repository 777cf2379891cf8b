package io.weir.proxy.exchange;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.weir.config.Listener;
import io.weir.config.Server;
import io.weir.proxy.exchange.ExchangeState.Attempting;
import io.weir.proxy.exchange.ExchangeState.Beginning;
import io.weir.proxy.exchange.ExchangeState.Collecting;
import io.weir.proxy.exchange.ExchangeState.Ended;
import io.weir.proxy.exchange.ExchangeState.Pausing;
import io.weir.proxy.exchange.ExchangeState.Picking;
import io.weir.proxy.exchange.ExchangeState.Relaying;

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
public final class Exchange extends ExchangeRouting {

    /**
     * Makes an exchange.
     *
     * @param worker what the exchanges of the loop share
     * @param server the port as the snapshot of this moment has it
     * @param client who asks
     * @param stream the client's side
     */
    public Exchange(Worker worker, Server server, ClientInfo client, ClientStream stream) {
        super(worker, server, client, stream);
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
}
