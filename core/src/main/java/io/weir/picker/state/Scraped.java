package io.weir.picker.state;

import java.util.concurrent.TimeUnit;

/**
 * What a server said about itself in one scrape.
 *
 * @param takenNanos when, on the pool's clock
 * @param waitingRequests length of the server's queue; -1 when it does not say
 * @param runningRequests requests being worked on; -1 when it does not say
 * @param kvCacheUsage use of the KV cache, 0..1; NaN when it does not say
 * @param kvBlockTokens tokens in one block of the KV cache; 0 when it does not say
 * @param kvBlocks blocks in the KV cache; 0 when it does not say
 * @param adapters LoRA adapters
 * @param inFlightRequests requests that this process had in flight to the server when it was asked
 * @param inFlightTokens tokens of those requests
 */
public record Scraped(
        long takenNanos,
        int waitingRequests,
        int runningRequests,
        double kvCacheUsage,
        int kvBlockTokens,
        int kvBlocks,
        Adapters adapters,
        int inFlightRequests,
        long inFlightTokens) {

    /** Nothing was ever scraped. */
    public static final Scraped NEVER =
            new Scraped(0, -1, -1, Double.NaN, 0, 0, Adapters.NONE, 0, 0);

    /**
     * Returns the use of the KV cache as it should be now, 0..1: what the server said, plus the
     * tokens sent since where the size of its cache is known; 0 when it said nothing.
     *
     * @param tokensNow tokens that this process has in flight now
     */
    public double kvCacheUsage(long tokensNow) {
        double usage = kvCacheUsage;
        long blocks = kvBlocks;
        if (blocks > 0 && kvBlockTokens > 0 && tokensNow != inFlightTokens) {
            usage += (double) (tokensNow - inFlightTokens) / (blocks * kvBlockTokens);
        }
        // NaN fails the first comparison.
        return usage > 0 ? Math.min(usage, 1) : 0;
    }

    /** Returns the age of the values in milliseconds; -1 when there are none. */
    public long ageMillis(long nowNanos) {
        boolean empty = waitingRequests < 0 && runningRequests < 0 && Double.isNaN(kvCacheUsage);
        return empty ? -1 : TimeUnit.NANOSECONDS.toMillis(nowNanos - takenNanos);
    }

    /**
     * Returns how many of the server's requests came from elsewhere: those that it counted beyond
     * the ones that this process had sent.
     */
    public int foreignRequests() {
        int counted = Math.max(0, waitingRequests) + Math.max(0, runningRequests);
        return Math.max(0, counted - inFlightRequests);
    }
}
