package io.weir.extproc.router;

import io.envoyproxy.envoy.service.ext_proc.v3.HttpHeaders;
import io.weir.extproc.wire.Changes;
import io.weir.extproc.wire.HeaderNames;
import io.weir.extproc.wire.Headers;
import io.weir.extproc.wire.TracedHeaders;
import io.weir.telemetry.ExchangeObserver;
import io.weir.telemetry.ExchangeRecord;

import org.jspecify.annotations.Nullable;

/**
 * What an observer is told of one request; nothing is noted where there is none.
 *
 * <p>Used by one thread at a time.
 */
final class Timeline {

    /** Of a request that nobody observes. */
    static final Timeline NONE = new Timeline(null, null, null);

    private final @Nullable ExchangeObserver observer;
    private final @Nullable ExchangeRecord exchange;
    private final @Nullable Headers received;
    private boolean ended;

    private Timeline(
            @Nullable ExchangeObserver observer,
            @Nullable ExchangeRecord exchange,
            @Nullable Headers received) {
        this.observer = observer;
        this.exchange = exchange;
        this.received = received;
    }

    /** Begins with a request's headers. */
    static Timeline begin(@Nullable ExchangeObserver observer, Headers received, long nowNanos) {
        if (observer == null) {
            return NONE;
        }
        ExchangeRecord exchange = new ExchangeRecord();
        exchange.receivedNanos = nowNanos;
        exchange.method = received.method();
        exchange.path = received.path();
        exchange.requestId = received.get(HeaderNames.REQUEST_ID);
        observer.begun(exchange, received::get);
        return new Timeline(observer, exchange, received);
    }

    /** The body has come to its end. */
    void read(long bodyBytes) {
        if (exchange != null) {
            exchange.bodyReadNanos = System.nanoTime();
            exchange.requestBytes = bodyBytes;
        }
    }

    /** The body names a model. */
    void model(@Nullable String model) {
        if (exchange != null) {
            exchange.model = model;
        }
    }

    /** The headers are about to be changed; others may have to be told of the trace. */
    Changes routed(Changes changes) {
        if (exchange != null && received != null) {
            exchange.pickedNanos = System.nanoTime();
            if (exchange.trace != null) {
                exchange.trace.passOn(new TracedHeaders(received, changes));
            }
        }
        return changes;
    }

    /** The answer has come. */
    void answered(HttpHeaders answer) {
        if (exchange != null) {
            exchange.status = Headers.of(answer).status();
        }
    }

    /** The request is answered in place of a server. */
    void refused(int status) {
        if (exchange != null) {
            exchange.status = status;
            exchange.error = "refused";
        }
    }

    /** The stream is over; further calls have no effect. */
    void end() {
        if (observer == null || exchange == null || ended) {
            return;
        }
        ended = true;
        exchange.endNanos = System.nanoTime();
        observer.completed(exchange);
    }
}
