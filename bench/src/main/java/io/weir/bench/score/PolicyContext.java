package io.weir.bench.score;

import io.weir.picker.Endpoint;
import io.weir.picker.pool.EndpointWatch;
import io.weir.simulator.engine.EngineRequest;

import java.util.List;
import java.util.function.LongSupplier;

/**
 * What a picker is made with.
 *
 * @param endpoints the servers at the begin
 * @param watch publishes scrapes into the endpoints' states
 * @param nanoTime the run's clock
 * @param seeds seeds for random choices
 * @param truth what nobody but a simulation can know
 */
record PolicyContext(
        List<Endpoint> endpoints,
        EndpointWatch watch,
        LongSupplier nanoTime,
        LongSupplier seeds,
        Truth truth) {

    /** The servers' true state. */
    interface Truth {

        /** Returns the request that is being picked for. */
        EngineRequest request();

        /** Returns how much of that request's prompt a server has in its cache. */
        int cachedTokens(Endpoint endpoint);
    }

    PolicyContext {
        endpoints = List.copyOf(endpoints);
    }
}
