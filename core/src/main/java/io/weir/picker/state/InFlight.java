package io.weir.picker.state;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Work that this process sent to one endpoint and that is not settled yet.
 *
 * <p>Thread-safe and lock-free. The counters lie beside each other, since one pick changes all of
 * them together, and in a cache line that no other endpoint has a part in, whose picks must not
 * slow it down. They are part of the {@link EndpointState} itself: a pick among a thousand
 * endpoints reads them of each, and what else it reads of each is in the same line.
 */
public abstract sealed class InFlight extends InFlightCounters permits EndpointState {

    private static final VarHandle REQUESTS;
    private static final VarHandle PREFILL_TOKENS;
    private static final VarHandle DECODE_TOKENS;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            Class<?> owner = InFlightCounters.class;
            REQUESTS = lookup.findVarHandle(owner, "requests", int.class);
            PREFILL_TOKENS = lookup.findVarHandle(owner, "prefillTokens", long.class);
            DECODE_TOKENS = lookup.findVarHandle(owner, "decodeTokens", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    InFlight() {}

    /** Returns the requests that are not settled. */
    public int requests() {
        return requests;
    }

    /** Returns the prompt tokens of requests whose first byte has not come. */
    public long prefillTokens() {
        return prefillTokens;
    }

    /** Returns the estimated answer tokens of requests that are not settled. */
    public long decodeTokens() {
        return decodeTokens;
    }

    /** Returns prompt and answer tokens together. */
    public long tokens() {
        return prefillTokens + decodeTokens;
    }

    /**
     * Counts one more request, unless the number of requests is not the expected one any more. A
     * pick passes the number that it judged by: when somebody else was faster, it judges again.
     */
    public boolean tryAddRequest(int expectedRequests) {
        return REQUESTS.compareAndSet(this, expectedRequests, expectedRequests + 1);
    }

    /** Counts one more request. */
    public void addRequest() {
        REQUESTS.getAndAdd(this, 1);
    }

    /** Counts one request less. */
    public void removeRequest() {
        REQUESTS.getAndAdd(this, -1);
    }

    /** Adds to the tokens waiting for prefill; a negative number takes away. */
    public void addPrefillTokens(long tokens) {
        PREFILL_TOKENS.getAndAdd(this, tokens);
    }

    /** Adds to the answer tokens expected; a negative number takes away. */
    public void addDecodeTokens(long tokens) {
        DECODE_TOKENS.getAndAdd(this, tokens);
    }
}
