package io.weir.picker.flow;

/** What became of a request that flow control saw. */
public enum Outcome {
    /** It went on to an endpoint. */
    DISPATCHED("Dispatched"),
    /** There was no place for it to wait. */
    REJECTED_CAPACITY("RejectedCapacity"),
    /** There was no place to wait for a pool without endpoints. */
    REJECTED_NO_ENDPOINTS("RejectedNoEndpoints"),
    /** Flow control had ended when it came. */
    REJECTED_SHUTTING_DOWN("RejectedOther"),
    /** It waited too long for a pool that has endpoints. */
    EVICTED_TTL("EvictedTTL"),
    /** It waited too long for a pool that has none. */
    EVICTED_NO_ENDPOINTS("EvictedNoEndpoints"),
    /** The client went away. */
    EVICTED_CANCELLED("EvictedContextCancelled"),
    /** Flow control ended while it waited. */
    EVICTED_SHUTTING_DOWN("EvictedOther");

    private final String label;

    Outcome(String label) {
        this.label = label;
    }

    /** Returns the value of the label {@code outcome} of metrics. */
    public String label() {
        return label;
    }
}
