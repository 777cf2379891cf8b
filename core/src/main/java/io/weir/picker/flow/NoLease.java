package io.weir.picker.flow;

/** What requests hold where nobody counts who runs. */
enum NoLease implements Lease {
    NO_LEASE;

    @Override
    public void end() {}
}
