package io.weir.proxy.exchange;

/** A pick that has begun and has no result yet. Used on the loop of its exchange. */
sealed interface PendingPick permits ExternalPick, QueuedPick {

    /** Returns where the request goes. */
    Routing.Result.Found route();

    /** Begins to wait; the exchange hears of the end, not before this returns. */
    void begin(ExchangeRouting asker);

    /** Gives up; nothing more is said to the exchange. */
    void cancel(String reason);
}
