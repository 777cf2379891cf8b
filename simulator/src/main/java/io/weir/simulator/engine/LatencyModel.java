package io.weir.simulator.engine;

/** How long the work of a model server takes. Times are in nanoseconds, before scaling. */
public sealed interface LatencyModel permits StepLatency, PacedLatency {

    /** Returns how long an adapter takes to become resident. */
    double adapterLoadNanos();
}
