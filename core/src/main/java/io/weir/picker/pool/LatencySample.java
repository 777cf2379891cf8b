package io.weir.picker.pool;

import io.weir.picker.latency.LatencyPredictor;
import io.weir.picker.plugin.PickContext;

/**
 * Measures one request for the predictor. An answer that comes as a whole says nothing of its first
 * token, so only streams are measured; of others, and in pools that predict nothing, this is told
 * and forgets.
 */
sealed class LatencySample permits StreamSample {

    /** Measures nothing. */
    static final LatencySample NONE = new LatencySample();

    LatencySample() {}

    /** Begins to measure a request that goes to an endpoint; notes what it has to read. */
    static LatencySample of(PickContext context, int index, LatencyPredictor predictor) {
        return context.request().details().streamed()
                ? new StreamSample(context, index, predictor)
                : NONE;
    }

    /** The first token came. */
    void firstByte(long nowNanos) {}

    /** The answer is complete, and its request counts no more. */
    void complete(long completionTokens, long nowNanos) {}

    /** The request failed or was broken off. */
    void abandon() {}
}
