package io.weir.picker.flow;

/** What a request holds of a pool while it runs. Thread-safe. */
public sealed interface Lease permits NoLease, Leases.Firm, RevocableLease {

    /** Says that the request does not run any more. Called once. */
    void end();

    /**
     * Says who is told, once, that the lease is revoked and the request has to end: at once when it
     * is already. Called at most once; what is told must not block.
     */
    default void whenRevoked(Runnable told) {}
}
