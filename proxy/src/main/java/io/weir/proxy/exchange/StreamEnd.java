package io.weir.proxy.exchange;

import io.weir.body.EventEnds;
import io.weir.body.OpenAiError;
import io.weir.picker.PickResult;
import io.weir.proxy.loop.Deadline;

import java.util.concurrent.TimeUnit;

/**
 * Ends a stream of events with one that tells an error, instead of what its server would say next.
 * When the server is in the middle of an event, the rest of it goes first: clients would take the
 * two for one. A rest that does not come soon is not waited for, and the client is cut off.
 */
final class StreamEnd extends Deadline {

    /** Servers write whole events; what is missing of one is on its way. */
    private static final long REST_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final ExchangeServing exchange;
    private final PickResult.Refused refused;

    StreamEnd(ExchangeServing exchange, PickResult.Refused refused) {
        this.exchange = exchange;
        this.refused = refused;
    }

    /** Ends the stream now, or begins to wait for the rest of an event. */
    void begin(Worker worker, int lastBytes) {
        if (EventEnds.isBetweenEvents(lastBytes)) {
            end();
        } else {
            worker.timers().arm(this, REST_NANOS);
        }
    }

    /** Ends the stream. */
    void end() {
        exchange.brokenOff(refused, OpenAiError.rateLimited(refused.message()).event());
    }

    @Override
    protected void expired() {
        exchange.brokenOff(refused, new byte[0]);
    }
}
