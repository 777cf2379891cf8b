package io.weir.picker.pool;

import io.weir.picker.flow.FlowControl;
import io.weir.picker.latency.LatencyPredictor;
import io.weir.picker.prefix.PrefixReuse;

import java.util.function.LongSupplier;

/**
 * What one picker learns from its requests, and where their reservations are settled. One reference
 * to it takes less room in each of these than one to everything in it.
 *
 * @param decodeEstimate learns how long answers are
 * @param control is told when endpoints have room again
 * @param predictor learns how long requests take
 * @param reuse learns how much of the prompts is found in caches
 * @param nanoTime the pool's clock
 */
record Books(
        DecodeEstimate decodeEstimate,
        FlowControl control,
        LatencyPredictor predictor,
        PrefixReuse reuse,
        LongSupplier nanoTime) {

    long now() {
        return nanoTime.getAsLong();
    }
}
