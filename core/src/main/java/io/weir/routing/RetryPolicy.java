package io.weir.routing;

import java.time.Duration;
import java.util.Set;

/**
 * When a request is tried again. Whatever the policy, nothing is retried once a byte of the answer
 * has gone to the client.
 *
 * @param codes status codes that are retried
 * @param attempts further attempts after the first
 * @param backoff least wait between attempts on the same endpoint
 */
public record RetryPolicy(Set<Integer> codes, int attempts, Duration backoff) {

    public RetryPolicy {
        codes = Set.copyOf(codes);
    }
}
