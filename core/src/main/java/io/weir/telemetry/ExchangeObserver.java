package io.weir.telemetry;

import io.weir.picker.RequestHeaders;

/** Sees every finished request. Called on event loops: must not block. */
public interface ExchangeObserver {

    /** Does nothing. */
    ExchangeObserver NONE = _ -> {};

    /**
     * Called once for each request that is well-formed, when its head has come; may note the trace
     * in the record.
     *
     * @param headers its headers, to be read before this returns
     */
    default void begun(ExchangeRecord exchange, RequestHeaders headers) {}

    /** Called when an endpoint was found for a request, before the request is sent there. */
    default void picked(ExchangeRecord exchange) {}

    /** Called once for each request, after its last byte or its failure. */
    void completed(ExchangeRecord exchange);
}
