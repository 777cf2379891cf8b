package io.weir.telemetry;

/** Sees every finished request. Called on event loops: must not block. */
public interface ExchangeObserver {

    /** Does nothing. */
    ExchangeObserver NONE = _ -> {};

    /** Called once for each request, after its last byte or its failure. */
    void completed(ExchangeRecord exchange);
}
