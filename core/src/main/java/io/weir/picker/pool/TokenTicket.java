package io.weir.picker.pool;

import io.weir.picker.PickResult;
import io.weir.picker.PickResult.Decided;
import io.weir.picker.Ticket;
import io.weir.picker.prefix.TokenChain;
import io.weir.picker.tokens.PromptTokenizer;

import org.jspecify.annotations.Nullable;

/**
 * A request that waits for its prompt's tokens, and then perhaps in front of the pool.
 *
 * <pre>
 * TOKENS ── they come, or time is up ─▶ (admitted?) ── yes ──▶ READY ── take() ─▶ (picked)
 *    │                                       │ no                ▲
 *    │                                       └─▶ IN LINE ────────┘
 *    └──── cancel() ─▶ (gone)
 * </pre>
 *
 * <p>Whoever waits goes on under the ticket's lock, but what it is told is told without.
 */
final class TokenTicket implements Ticket, PromptTokenizer.Asker {

    private final Steps steps;
    private @Nullable TokenChain tokens;
    private @Nullable PickResult admitted;
    private @Nullable Runnable told;
    private boolean proceeding;
    private boolean ready;
    private boolean cancelled;

    /** What comes after the tokens. */
    interface Steps {

        /** Returns a place in line or why there is none; null when the request may go on. */
        @Nullable PickResult admit(@Nullable TokenChain tokens);

        /** Picks. */
        Decided pick(@Nullable TokenChain tokens);
    }

    TokenTicket(Steps steps) {
        this.steps = steps;
    }

    @Override
    public boolean proceed(@Nullable TokenChain found) {
        synchronized (this) {
            if (proceeding || cancelled) {
                return false;
            }
            proceeding = true;
            tokens = found;
        }
        PickResult result = steps.admit(found);
        Runnable listener;
        boolean gone;
        synchronized (this) {
            admitted = result;
            ready = true;
            listener = told;
            gone = cancelled;
        }
        if (gone) {
            leave(result);
        } else if (listener != null) {
            tell(result, listener);
        }
        return true;
    }

    @Override
    public void whenOver(Runnable listener) {
        boolean isReady;
        synchronized (this) {
            told = listener;
            isReady = ready;
        }
        if (isReady) {
            tell(admitted, listener);
        }
    }

    private static void tell(@Nullable PickResult result, Runnable listener) {
        if (result instanceof PickResult.Queued(Ticket inLine)) {
            inLine.whenOver(listener);
        } else {
            listener.run();
        }
    }

    @Override
    public Decided take() {
        PickResult result;
        TokenChain known;
        synchronized (this) {
            if (!ready) {
                throw new IllegalStateException("the wait is not over");
            }
            result = admitted;
            known = tokens;
        }
        return switch (result) {
            case null -> steps.pick(known);
            case PickResult.Queued(Ticket inLine) -> inLine.take();
            case Decided decided -> decided;
        };
    }

    @Override
    public void cancel() {
        PickResult result;
        synchronized (this) {
            cancelled = true;
            result = admitted;
        }
        leave(result);
    }

    private static void leave(@Nullable PickResult result) {
        if (result instanceof PickResult.Queued(Ticket inLine)) {
            inLine.cancel();
        }
    }
}
