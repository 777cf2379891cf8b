package io.weir.picker.flow;

/** What a request holds of a pool while it runs. Thread-safe. */
public sealed interface Lease permits Lease.Uncounted, Leases.Firm, RevocableLease {

    /** Nobody counts who runs. */
    Lease NONE = Uncounted.UNCOUNTED;

    /** The lease of requests that nobody counts. */
    enum Uncounted implements Lease {
        UNCOUNTED;

        @Override
        public void end() {}
    }

    /** Says that the request does not run any more. Called once. */
    void end();

    /**
     * Says who is told, once, that the lease is revoked and the request has to end: at once when it
     * is already. Called at most once; what is told must not block.
     */
    default void whenRevoked(Runnable told) {}
}
