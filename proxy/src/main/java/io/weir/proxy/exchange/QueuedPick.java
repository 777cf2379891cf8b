package io.weir.proxy.exchange;

import io.weir.picker.Ticket;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.RejectedExecutionException;

/**
 * A request that waits in front of a saturated pool. Whoever lets it go tells the loop of its
 * exchange, and the endpoints are picked there.
 */
final class QueuedPick implements PendingPick {

    private final Preparation preparation;
    private final Target.Waiting target;
    private final Routing.Result.Found route;
    private final String uri;
    private final @Nullable String origin;
    private @Nullable ExchangeRouting exchange;
    private boolean over;

    QueuedPick(
            Preparation preparation,
            Target.Waiting target,
            Routing.Result.Found route,
            String uri,
            @Nullable String origin) {
        this.preparation = preparation;
        this.target = target;
        this.route = route;
        this.uri = uri;
        this.origin = origin;
    }

    @Override
    public Routing.Result.Found route() {
        return route;
    }

    @Override
    public void begin(ExchangeRouting asker) {
        exchange = asker;
        Ticket ticket = target.ticket();
        ticket.whenOver(() -> {
            try {
                preparation.worker().loop().execute(this::waitOver);
            } catch (RejectedExecutionException e) {
                // The loop has ended, and all of its exchanges with it.
                ticket.cancel();
            }
        });
    }

    @Override
    public void cancel(String reason) {
        if (!over) {
            over = true;
            target.ticket().cancel();
        }
    }

    private void waitOver() {
        ExchangeRouting asker = exchange;
        if (over || asker == null) {
            return;
        }
        over = true;
        Target decided = target.decide();
        preparation.record().pickedNanos = preparation.worker().now();
        asker.picked(this, preparation.result(decided, route, uri, origin));
    }
}
