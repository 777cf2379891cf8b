package io.weir.picker.state;

import java.util.concurrent.TimeUnit;

/** What a server said about itself in one scrape. Immutable. */
public final class Scraped {

    /** Nothing was ever scraped. */
    public static final Scraped NEVER =
            new Scraped(0, -1, -1, Double.NaN, 0, 0, Adapters.NONE, 0, 0);

    // What every pick reads of every endpoint: declared first, so that it lies together.
    private final long takenNanos;
    private final double kvCacheUsage;
    private final long inFlightTokens;
    private final double kvCacheTokens;
    private final int foreignRequests;
    private final int foreignWaiting;

    private final int waitingRequests;
    private final int runningRequests;
    private final int kvBlockTokens;
    private final int kvBlocks;
    private final Adapters adapters;

    /**
     * @param takenNanos when, on the pool's clock
     * @param waitingRequests length of the server's queue; -1 when it does not say
     * @param runningRequests requests being worked on; -1 when it does not say
     * @param kvCacheUsage use of the KV cache, 0..1; NaN when it does not say
     * @param kvBlockTokens tokens in one block of the KV cache; 0 when it does not say
     * @param kvBlocks blocks in the KV cache; 0 when it does not say
     * @param adapters LoRA adapters
     * @param inFlightRequests requests that this process had in flight to the server when it was
     *     asked
     * @param inFlightTokens tokens of those requests
     */
    public Scraped(
            long takenNanos,
            int waitingRequests,
            int runningRequests,
            double kvCacheUsage,
            int kvBlockTokens,
            int kvBlocks,
            Adapters adapters,
            int inFlightRequests,
            long inFlightTokens) {
        int counted = Math.max(0, waitingRequests) + Math.max(0, runningRequests);
        this.takenNanos = takenNanos;
        this.waitingRequests = waitingRequests;
        this.runningRequests = runningRequests;
        this.kvCacheUsage = kvCacheUsage;
        this.kvBlockTokens = kvBlockTokens;
        this.kvBlocks = kvBlocks;
        this.kvCacheTokens = (double) Math.max(0, kvBlocks) * Math.max(0, kvBlockTokens);
        this.adapters = adapters;
        this.inFlightTokens = inFlightTokens;
        this.foreignRequests = Math.max(0, counted - inFlightRequests);
        this.foreignWaiting = Math.clamp(waitingRequests, 0, foreignRequests);
    }

    /** Returns when it was, on the pool's clock. */
    public long takenNanos() {
        return takenNanos;
    }

    /** Returns the length of the server's queue; -1 when it does not say. */
    public int waitingRequests() {
        return waitingRequests;
    }

    /** Returns the requests being worked on; -1 when it does not say. */
    public int runningRequests() {
        return runningRequests;
    }

    /** Returns the use of the KV cache, 0..1; NaN when the server does not say. */
    public double kvCacheUsage() {
        return kvCacheUsage;
    }

    /** Returns the tokens in one block of the KV cache; 0 when the server does not say. */
    public int kvBlockTokens() {
        return kvBlockTokens;
    }

    /** Returns the blocks in the KV cache; 0 when the server does not say. */
    public int kvBlocks() {
        return kvBlocks;
    }

    /** Returns the tokens that fit into the KV cache; 0 when the server does not say. */
    public double kvCacheTokens() {
        return kvCacheTokens;
    }

    /** Returns the LoRA adapters. */
    public Adapters adapters() {
        return adapters;
    }

    /**
     * Returns the use of the KV cache as it should be now, 0..1: what the server said, plus the
     * tokens sent since where the size of its cache is known; 0 when it said nothing.
     *
     * @param tokensNow tokens that this process has in flight now
     */
    public double kvCacheUsage(long tokensNow) {
        double usage = kvCacheUsage;
        if (tokensNow != inFlightTokens && kvCacheTokens > 0) {
            usage += (tokensNow - inFlightTokens) / kvCacheTokens;
        }
        // NaN fails the first comparison.
        return !(usage > 0) ? 0 : usage < 1 ? usage : 1;
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
        return foreignRequests;
    }

    /** Returns how many of the foreign requests wait in the server's queue, at most. */
    public int foreignWaiting() {
        return foreignWaiting;
    }
}
