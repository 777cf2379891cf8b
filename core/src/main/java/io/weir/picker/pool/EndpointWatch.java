package io.weir.picker.pool;

import io.weir.picker.setup.ScrapePlan;
import io.weir.picker.state.EndpointState;

/** Keeps what is known of endpoints up to date while they are in a pool. */
public interface EndpointWatch {

    /** Watches nothing: only what this process sends is known. */
    EndpointWatch NONE =
            new EndpointWatch() {
                @Override
                public void begin(EndpointState endpoint) {}

                @Override
                public void end(EndpointState endpoint) {}
            };

    /** Begins to watch an endpoint. Does not block. */
    void begin(EndpointState endpoint);

    /**
     * Says what an endpoint that is watched is asked for, at first and whenever that changes. Does
     * not block.
     */
    default void configure(EndpointState endpoint, ScrapePlan plan) {}

    /** Ends to watch an endpoint. Does not block. */
    void end(EndpointState endpoint);
}
