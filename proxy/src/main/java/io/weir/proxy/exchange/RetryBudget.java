package io.weir.proxy.exchange;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Keeps retries from making an overload worse. Every request pays a fraction of a retry in, time
 * pays in a little too, every retry takes one out. Used by one event loop.
 */
final class RetryBudget {

    /** Savings are worth so many seconds of the steady income, and at least so many retries. */
    private static final int MAX_SAVED = 100;

    private final double perRequest;
    private final double perNano;
    private final LongSupplier nanoTime;
    private double saved;
    private long paidNanos;

    RetryBudget(RetryLimits limits, LongSupplier nanoTime) {
        this.perRequest = limits.budgetRatio();
        this.perNano = limits.budgetPerSecond() / (double) TimeUnit.SECONDS.toNanos(1);
        this.nanoTime = nanoTime;
        this.saved = limits.budgetPerSecond();
        this.paidNanos = nanoTime.getAsLong();
    }

    void request() {
        saved = Math.min(MAX_SAVED, saved + perRequest);
    }

    /** Returns whether a retry is allowed, and takes it out of the budget if so. */
    boolean takeRetry() {
        long now = nanoTime.getAsLong();
        saved = Math.min(MAX_SAVED, saved + (now - paidNanos) * perNano);
        paidNanos = now;
        if (saved < 1) {
            return false;
        }
        saved -= 1;
        return true;
    }
}
