package io.weir.proxy.exchange;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.weir.body.UsageReader;
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

/**
 * An exchange from its endpoints on: attempts until one is answered, and the answer on its way to
 * the client.
 */
abstract sealed class ExchangeServing extends ExchangeEnding permits ExchangeRouting {

    private static final byte[] NOTHING = {};

    ExchangeServing(Worker worker, Server server, ClientInfo client, ClientStream stream) {
        super(worker, server, client, stream);
    }

    // Attempts.

    final void start(boolean expectsContinue, Forwarding forwarding) {
        if (expectsContinue && !body.isComplete()) {
            stream.sendContinue();
        }
        forwarding.endpoints().whenEvicted(refused -> worker.execute(() -> evicted(refused)));
        attempt(forwarding, forwarding.endpoints().current(), false);
    }

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

    @Override
    final void resume() {
        if (state instanceof Pausing(Forwarding forwarding, Attempts.Next.Again again)) {
            attempt(forwarding, again.endpoint(), again.freshConnection());
        }
    }

    /** Called when the request so far was written to a connection. */
    final void attemptConnected(Attempt attempt) {
        // While the client's read lasts, the rest of the body may follow: one flush will do.
        if (body.isComplete() || !inBegin) {
            attempt.flush();
        }
        flow.resume(attempt);
    }

    final void attemptFailed(UpstreamFailure failure, String detail) {
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

    final void attemptTimedOut(Attempt attempt) {
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

    final void requestWritabilityChanged() {
        switch (state) {
            case Attempting(_, Attempt attempt) -> flow.resume(attempt);
            case Relaying(_, Attempt attempt, _) -> flow.resume(attempt);
            case Beginning _, Collecting _, Picking _, Pausing _, Ended _ -> {}
        }
    }

    // The answer.

    final void responseHead(Attempt attempt, HttpResponse response) {
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

    final void responseBody(ByteBuf piece) {
        if (state instanceof Relaying(Forwarding forwarding, _, ResponseRelay relay)) {
            if (record.firstByteNanos == 0) {
                firstByte(forwarding);
            }
            relay.piece(piece);
        } else {
            piece.release();
        }
    }

    final void responseReadComplete() {
        if (state instanceof Relaying) {
            stream.flush();
        }
    }

    final void responseEnd(HttpHeaders trailers) {
        if (state instanceof Relaying(_, _, ResponseRelay relay)) {
            relay.end(trailers);
        }
    }

    /** Called when all of the answer was passed on. */
    final void relayed(HttpHeaders trailers) {
        if (state instanceof Relaying) {
            finish(Reservation.End.COMPLETED);
            stream.end(trailers);
        }
    }

    /** Called when the picker has an answer of its own in place of the server's. */
    final void overruled(Answer answer) {
        switch (state) {
            case Attempting _, Pausing _, Relaying _ -> answer(answer);
            case Beginning _, Collecting _, Picking _, Ended _ -> {}
        }
    }

    final void responseStalled(String reason) {
        if (state instanceof Relaying) {
            cut(reason);
        }
    }

    /** Says that the client can take more. */
    public final void clientWritable() {
        if (state instanceof Relaying(_, _, ResponseRelay relay)) {
            relay.clientWritable();
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
    final void brokenOff(PickResult.Refused refused, byte[] lastWords) {
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
}
