package io.weir.proxy.exchange;

/**
 * How much may be tried again, whatever routes say.
 *
 * @param maxEndpoints most endpoints of the ordered list that one request tries
 * @param budgetRatio retries per request, on average, after failures that may be the sign of
 *     overload (resets and 502, 503); refused connections cost nobody anything and are not counted
 * @param budgetPerSecond retries per second and event loop that are always allowed
 * @param maxReplayBytes most bytes of a request body that was not read in advance which are kept so
 *     that it can be sent again
 */
public record RetryLimits(
        int maxEndpoints, double budgetRatio, int budgetPerSecond, int maxReplayBytes) {

    /** 3 endpoints, one retry to four requests and 10 per second, 64 KiB for replay. */
    public static final RetryLimits DEFAULT = new RetryLimits(3, 0.25, 10, 64 * 1024);

    public RetryLimits {
        if (maxEndpoints < 1) {
            throw new IllegalArgumentException(
                    "maxEndpoints: " + maxEndpoints + " (expected: >= 1)");
        }
        if (!(budgetRatio >= 0 && budgetRatio <= 10)) {
            throw new IllegalArgumentException(
                    "budgetRatio: " + budgetRatio + " (expected: 0..10)");
        }
        if (budgetPerSecond < 0) {
            throw new IllegalArgumentException(
                    "budgetPerSecond: " + budgetPerSecond + " (expected: >= 0)");
        }
        if (maxReplayBytes < 0) {
            throw new IllegalArgumentException(
                    "maxReplayBytes: " + maxReplayBytes + " (expected: >= 0)");
        }
    }
}
