package io.weir.proxy.exchange;

import io.weir.proxy.loop.Deadline;
import io.weir.routing.RouteRule;

/**
 * The limits in time of an exchange: for the whole request, and for the pause before an attempt.
 */
final class ExchangeTimers {

    private final Worker worker;
    private final Deadline request;
    private final Deadline pause;

    ExchangeTimers(ExchangeEnding exchange, Worker worker) {
        this.worker = worker;
        this.request =
                new Deadline() {
                    @Override
                    protected void expired() {
                        exchange.timedOut("request timeout");
                    }
                };
        this.pause =
                new Deadline() {
                    @Override
                    protected void expired() {
                        exchange.resume();
                    }
                };
    }

    /** Limits the whole request as its rule says. */
    void limit(RouteRule rule, long receivedNanos) {
        long timeout = rule.requestTimeout().toNanos();
        if (timeout > 0) {
            long left = receivedNanos + timeout - worker.now();
            worker.timers().arm(request, Math.max(0, left));
        }
    }

    void pause(long nanos) {
        worker.timers().arm(pause, nanos);
    }

    void cancel() {
        worker.timers().cancel(request);
        worker.timers().cancel(pause);
    }
}
