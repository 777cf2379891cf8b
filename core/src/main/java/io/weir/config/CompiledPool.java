package io.weir.config;

import io.weir.config.PickerConfigs.Found;
import io.weir.picker.Endpoint;
import io.weir.picker.external.ExternalPicker;
import io.weir.resource.InferencePool;
import io.weir.resource.InferencePool.AppProtocol;
import io.weir.resource.ObjectKey;
import io.weir.routing.Backend;
import io.weir.routing.Pool;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * A pool with everything that refers to it.
 *
 * @param object the pool as written
 * @param servers its endpoints and picker
 * @param models what rewrites, models and objectives say of it
 * @param pool the pool, compiled
 * @param use what routes to it see of it
 */
record CompiledPool(
        InferencePool object, Servers servers, ModelSettings.OfPool models, Pool pool, Use use) {

    /**
     * What routes see of a pool. It stays the same while endpoints and settings change.
     *
     * @param key the pool's key
     * @param appProtocol what its servers speak
     * @param backend the backend that all routes to it share
     */
    record Use(ObjectKey key, AppProtocol appProtocol, Backend.ToPool backend) {}

    /**
     * The endpoints and the picker of a pool.
     *
     * @param ready endpoints that are ready
     * @param count how many endpoints there are
     * @param picker what was found out about its picker
     * @param external the picker that is asked; null for the built-in one
     */
    record Servers(
            List<Endpoint> ready,
            EndpointCount count,
            Found picker,
            @Nullable ExternalPicker external) {}
}
