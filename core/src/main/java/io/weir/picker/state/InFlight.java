package io.weir.picker.state;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Work that this process sent to one endpoint and that is not settled yet.
 *
 * <p>Thread-safe and lock-free.
 */
public final class InFlight {

    // The counters share a cache line of their own: one pick changes all of them together, and
    // picks of other endpoints must not slow it down.
    private static final int REQUESTS = 8;
    private static final int PREFILL_TOKENS = 9;
    private static final int DECODE_TOKENS = 10;
    private static final int CELLS = 19;

    private final AtomicLongArray cells = new AtomicLongArray(CELLS);

    /** Returns the requests that are not settled. */
    public int requests() {
        return (int) cells.get(REQUESTS);
    }

    /** Returns the prompt tokens of requests whose first byte has not come. */
    public long prefillTokens() {
        return cells.get(PREFILL_TOKENS);
    }

    /** Returns the estimated answer tokens of requests that are not settled. */
    public long decodeTokens() {
        return cells.get(DECODE_TOKENS);
    }

    /** Returns prompt and answer tokens together. */
    public long tokens() {
        return prefillTokens() + decodeTokens();
    }

    /**
     * Counts one more request, unless the number of requests is not the expected one any more. A
     * pick passes the number that it judged by: when somebody else was faster, it judges again.
     */
    public boolean tryAddRequest(int expectedRequests) {
        return cells.compareAndSet(REQUESTS, expectedRequests, expectedRequests + 1L);
    }

    /** Counts one more request. */
    public void addRequest() {
        cells.getAndIncrement(REQUESTS);
    }

    /** Counts one request less. */
    public void removeRequest() {
        cells.getAndDecrement(REQUESTS);
    }

    /** Adds to the tokens waiting for prefill; a negative number takes away. */
    public void addPrefillTokens(long tokens) {
        cells.getAndAdd(PREFILL_TOKENS, tokens);
    }

    /** Adds to the answer tokens expected; a negative number takes away. */
    public void addDecodeTokens(long tokens) {
        cells.getAndAdd(DECODE_TOKENS, tokens);
    }
}
