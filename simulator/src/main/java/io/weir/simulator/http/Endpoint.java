package io.weir.simulator.http;

/** Answers requests, on the event loop of the connection. */
public interface Endpoint {

    /** Answers now or later by way of the exchange. */
    void handle(HttpRequest request, Exchange exchange);

    /** Returns the length beyond which bodies are answered with 413. */
    long maxBodyBytes();
}
