package io.weir.config;

import io.weir.resource.HttpRoute.Retry;
import io.weir.routing.RetryPolicy;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Set;

/** What holds where routes say nothing. */
final class Defaults {

    /** Further attempts of a rule with {@code retry} that gives no number. */
    private static final int ATTEMPTS = 2;

    private static final Duration BACKOFF = Duration.ofMillis(25);

    /**
     * A rule without {@code retry}: requests that no server took up go to the next endpoint, that
     * is after a failed connection or a 503.
     */
    private static final RetryPolicy RETRY = new RetryPolicy(Set.of(503), ATTEMPTS, BACKOFF);

    private Defaults() {}

    /** Returns the retry policy of a rule; failed connections are retried in any case. */
    static RetryPolicy retry(@Nullable Retry written) {
        if (written == null) {
            return RETRY;
        }
        return new RetryPolicy(
                Set.copyOf(written.codes()),
                written.attempts() == null ? ATTEMPTS : written.attempts(),
                written.backoff() == null ? BACKOFF : written.backoff());
    }
}
