package io.weir.proxy.exchange;

import io.weir.picker.Endpoint;
import io.weir.picker.Reservation;
import io.weir.proxy.upstream.UpstreamFailure;
import io.weir.routing.RetryPolicy;

import org.jspecify.annotations.Nullable;

/**
 * Says what follows a failed attempt, as long as nothing of an answer has gone to the client.
 *
 * <ul>
 *   <li>A kept connection that died before the first byte of an answer was closed by the server
 *       while it was idle: the same endpoint is tried once more on a new connection. That goes for
 *       every method, since inference requests are POSTs without lasting effects.
 *   <li>Other failures and the statuses 502 and 503 go to the next endpoint of the ordered list.
 *       Unless nobody was reached, the retry budget must allow it.
 *   <li>The route's own policy (Gateway API HTTPRouteRetry) adds statuses, timeouts, and attempts
 *       on the same endpoint after a pause when the list is exhausted.
 * </ul>
 */
final class Attempts {

    /** What to do. */
    sealed interface Next {

        /** Try an endpoint. */
        record Again(Endpoint endpoint, boolean freshConnection, long waitNanos) implements Next {}

        /** Tell the client. */
        enum GiveUp implements Next {
            GIVE_UP
        }
    }

    private final Reservation endpoints;
    private final RetryPolicy policy;
    private final RetryLimits limits;
    private final RetryBudget budget;
    private int triedEndpoints = 1;
    private int policyRetries;
    private boolean triedFresh;

    Attempts(Reservation endpoints, RetryPolicy policy, RetryLimits limits, RetryBudget budget) {
        this.endpoints = endpoints;
        this.policy = policy;
        this.limits = limits;
        this.budget = budget;
    }

    Next afterFailure(UpstreamFailure failure) {
        if (failure == UpstreamFailure.STALE && !triedFresh) {
            triedFresh = true;
            return new Next.Again(endpoints.current(), true, 0);
        }
        if (policyAllows()) {
            return byPolicy();
        }
        return failure.isBeforeRequest() || mayMoveOn() ? moveOn() : Next.GiveUp.GIVE_UP;
    }

    Next afterStatus(int status) {
        if (policyAllows() && policy.codes().contains(status)) {
            return byPolicy();
        }
        boolean busy = status == 502 || status == 503;
        return busy && mayMoveOn() ? moveOn() : Next.GiveUp.GIVE_UP;
    }

    Next afterTimeout() {
        return policyAllows() ? byPolicy() : Next.GiveUp.GIVE_UP;
    }

    private boolean policyAllows() {
        return policyRetries < policy.attempts();
    }

    private boolean mayMoveOn() {
        return triedEndpoints < limits.maxEndpoints() && budget.takeRetry();
    }

    private Next byPolicy() {
        policyRetries++;
        Endpoint next = nextEndpoint();
        return next != null
                ? new Next.Again(next, false, 0)
                : new Next.Again(endpoints.current(), false, policy.backoff().toNanos());
    }

    private Next moveOn() {
        Endpoint next = nextEndpoint();
        return next == null ? Next.GiveUp.GIVE_UP : new Next.Again(next, false, 0);
    }

    private @Nullable Endpoint nextEndpoint() {
        Endpoint next = triedEndpoints < limits.maxEndpoints() ? endpoints.next() : null;
        if (next != null) {
            triedEndpoints++;
            triedFresh = false;
        }
        return next;
    }
}
