package io.weir.proxy.exchange;

import io.netty.handler.codec.http.HttpHeaders;
import io.weir.telemetry.ExchangeRecord;
import io.weir.telemetry.TraceHeaders;

import org.jspecify.annotations.Nullable;

/**
 * The headers of a request that is traced.
 *
 * @param headers the headers
 */
record TracedHeaders(HttpHeaders headers) implements TraceHeaders {

    /** Tells the trace to whoever is asked about the request, if there is one. */
    static void passOn(ExchangeRecord exchange, HttpHeaders headers) {
        if (exchange.trace != null) {
            exchange.trace.passOn(new TracedHeaders(headers));
        }
    }

    /** Tells the trace to the server, if there is one. */
    static void callServer(ExchangeRecord exchange, HttpHeaders headers) {
        if (exchange.trace != null) {
            exchange.trace.callServer(new TracedHeaders(headers));
        }
    }

    @Override
    public @Nullable String get(String name) {
        return headers.get(name);
    }

    @Override
    public void set(String name, String value) {
        headers.set(name, value);
    }

    @Override
    public void remove(String name) {
        headers.remove(name);
    }
}
