package io.weir.telemetry;

/**
 * The trace that a request is part of (W3C Trace Context). Used by whoever serves the request, one
 * thread at a time; must not block.
 */
public interface RequestTrace {

    /** Returns the trace's id, 32 hexadecimal digits. */
    String id();

    /** Tells whoever is asked about the request that what they do is part of it. */
    void passOn(TraceHeaders headers);

    /**
     * Begins the call of a server, and tells it. Where somebody who was asked has put himself into
     * the headers, the server is left to him.
     */
    void callServer(TraceHeaders headers);

    /** The request is over; the record says what came of it. */
    void ended(ExchangeRecord exchange);
}
