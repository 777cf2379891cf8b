package io.weir.simulator;

import io.weir.simulator.http.Exchange;
import io.weir.simulator.http.HttpRequest;
import io.weir.simulator.wire.RequestException;

/** Answers one kind of request. */
@FunctionalInterface
interface Handler {

    /**
     * Answers, now or later.
     *
     * @throws RequestException when the request is refused
     */
    void handle(HttpRequest request, Exchange exchange) throws RequestException;
}
