package io.weir.simulator.http;

import java.net.SocketAddress;

/** Answers requests, on the event loop of the connection. */
public interface Endpoint {

    /** Answers now or later by way of the exchange. */
    void handle(HttpRequest request, Exchange exchange);

    /**
     * Hears that an answer begins.
     *
     * @param request what was asked
     * @param status status of the answer
     * @param client address of the client
     */
    default void began(HttpRequest request, int status, SocketAddress client) {}

    /** Returns the length beyond which bodies are answered with 413. */
    long maxBodyBytes();
}
