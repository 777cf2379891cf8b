package io.weir.proxy.exchange;

import io.weir.config.Listener;

import org.jspecify.annotations.Nullable;

/** Where an exchange is. The diagram is at {@link Exchange}. */
sealed interface ExchangeState {

    /** The head is being looked at. */
    enum Beginning implements ExchangeState {
        BEGINNING
    }

    /**
     * The body is read because something depends on it.
     *
     * @param request the head
     * @param listener the listener
     * @param reading what is read of the body
     * @param route where the request goes; null when that depends on the body
     */
    record Collecting(
            IncomingRequest request,
            Listener listener,
            BodyReading reading,
            Routing.Result.@Nullable Found route)
            implements ExchangeState {}

    /**
     * A picker that runs elsewhere was asked and has not answered, or the request waits in front of
     * a saturated pool.
     *
     * @param pick the pick
     */
    record Picking(PendingPick pick) implements ExchangeState {}

    /**
     * A server was asked and has not answered.
     *
     * @param forwarding what is sent where
     * @param attempt the attempt
     */
    record Attempting(Forwarding forwarding, Attempt attempt) implements ExchangeState {}

    /**
     * A pause before the next attempt.
     *
     * @param forwarding what is sent where
     * @param next the next attempt
     */
    record Pausing(Forwarding forwarding, Attempts.Next.Again next) implements ExchangeState {}

    /**
     * A server's answer is passed on.
     *
     * @param forwarding what was sent where
     * @param attempt the attempt that is answered
     * @param relay the answer
     */
    record Relaying(Forwarding forwarding, Attempt attempt, ResponseRelay relay)
            implements ExchangeState {}

    /** Nothing more happens. */
    enum Ended implements ExchangeState {
        ENDED
    }
}
