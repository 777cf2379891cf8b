package io.weir.simulator;

import io.weir.simulator.http.Exchange;

import java.time.Duration;
import java.util.function.LongSupplier;

/** Whether a server has started. */
final class Health {

    private final LongSupplier nanoClock;
    private final long readyNanos;

    Health(Duration startup, LongSupplier nanoClock) {
        this.nanoClock = nanoClock;
        readyNanos = nanoClock.getAsLong() + startup.toNanos();
    }

    void ready(Exchange exchange) {
        if (nanoClock.getAsLong() - readyNanos >= 0) {
            Replies.empty(exchange);
        } else {
            Replies.error(exchange, 503, "The model is still being loaded.");
        }
    }
}
