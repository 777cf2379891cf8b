package io.weir.config;

import io.weir.config.PickerConfigs.Found;
import io.weir.picker.Endpoint;
import io.weir.resource.InferencePool;
import io.weir.routing.Backend;
import io.weir.routing.Pool;

import java.util.List;

/**
 * A pool with everything that refers to it.
 *
 * @param object the pool as written
 * @param servers its endpoints and picker
 * @param models what rewrites, models and objectives say of it
 * @param pool the pool, compiled
 * @param backend the backend that all routes to it share
 */
record CompiledPool(
        InferencePool object,
        Servers servers,
        ModelSettings.OfPool models,
        Pool pool,
        Backend backend) {

    /**
     * The endpoints and the picker of a pool.
     *
     * @param ready endpoints that are ready
     * @param count how many endpoints there are
     * @param picker its picker
     */
    record Servers(List<Endpoint> ready, EndpointCount count, Found picker) {}
}
