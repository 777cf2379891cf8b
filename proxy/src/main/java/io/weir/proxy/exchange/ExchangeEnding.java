package io.weir.proxy.exchange;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.weir.body.OpenAiError;
import io.weir.config.Server;
import io.weir.picker.Reservation;
import io.weir.proxy.exchange.ExchangeState.Attempting;
import io.weir.proxy.exchange.ExchangeState.Beginning;
import io.weir.proxy.exchange.ExchangeState.Collecting;
import io.weir.proxy.exchange.ExchangeState.Ended;
import io.weir.proxy.exchange.ExchangeState.Pausing;
import io.weir.proxy.exchange.ExchangeState.Picking;
import io.weir.proxy.exchange.ExchangeState.Relaying;
import io.weir.proxy.http.RequestIds;
import io.weir.telemetry.ExchangeRecord;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What an exchange is made of, and how it comes to its end: with an answer of the gateway's own, by
 * being cut off, or without the client.
 *
 * <p>An exchange is one object, in layers by the phases of its life: each knows those below it,
 * which come later. So no phase costs an object or a step of its own.
 */
abstract sealed class ExchangeEnding permits ExchangeServing {

    private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);
    private static final int CLIENT_CLOSED_REQUEST = 499;

    final Worker worker;
    final Server server;
    final ClientInfo client;
    final ClientStream stream;
    final ExchangeRecord record = new ExchangeRecord();
    final RequestBody body;
    final RequestFlow flow;
    final ExchangeTimers timers;

    ExchangeState state = Beginning.BEGINNING;

    /** Whether the client's read that brought the head lasts. */
    boolean inBegin;

    ExchangeEnding(Worker worker, Server server, ClientInfo client, ClientStream stream) {
        this.worker = worker;
        this.server = server;
        this.client = client;
        this.stream = stream;
        this.body = new RequestBody(stream.alloc(), worker.bodies());
        this.flow = new RequestFlow(stream, body, worker.retryLimits().maxReplayBytes());
        this.timers = new ExchangeTimers(this, worker);
    }

    /** Called when the pause before an attempt is over. */
    abstract void resume();

    /** Says that the client is gone: nothing more is written to it. */
    public final void clientGone() {
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
    public final void broken(Throwable cause) {
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

    /** Called when the time for the whole request is over. */
    final void timedOut(String what) {
        switch (state) {
            case Picking _, Attempting _, Pausing _ -> answer(tooSlow(what));
            case Relaying _ -> cut(what);
            case Beginning _, Collecting _, Ended _ -> {}
        }
    }

    static Answer tooSlow(String what) {
        return Answer.error(OpenAiError.timeout("The model server took too long."), what);
    }

    final void answer(Answer answer) {
        answer(answer, Reservation.End.FAILED);
    }

    final void answer(Answer answer, Reservation.End end) {
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

    final void cut(String reason) {
        cut(reason, Reservation.End.FAILED);
    }

    final void cut(String reason, Reservation.End end) {
        record.error = reason;
        finish(end);
        stream.abort();
    }

    final void finish(Reservation.End end) {
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
