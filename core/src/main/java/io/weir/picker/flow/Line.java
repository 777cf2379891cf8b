package io.weir.picker.flow;

import io.weir.picker.plugin.FlowPolicy;

import org.jspecify.annotations.Nullable;

/** Requests in the order in which they are to go. Owned by one thread at a time. */
sealed interface Line permits FifoLine, DeadlineLine {

    /** Returns a line for an ordering. */
    static Line of(FlowPolicy.Ordering ordering) {
        return switch (ordering) {
            // All requests of a pool may wait equally long: who came first has to go first.
            case FlowPolicy.Ordering.FirstCome _, FlowPolicy.Ordering.EarliestDeadline _ ->
                    new FifoLine();
            case FlowPolicy.Ordering.SloDeadline _ -> new DeadlineLine();
        };
    }

    void add(Waiting request);

    /** Returns the first request; null when there is none. */
    @Nullable Waiting first();

    /** Takes out a request, wherever it is. */
    void remove(Waiting request);
}
