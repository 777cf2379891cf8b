package io.weir.picker.pool;

import io.weir.picker.latency.LatencyPredictor;
import io.weir.picker.latency.ServerPace;
import io.weir.picker.plugin.PickContext;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.TimeUnit;

/**
 * Measures one request for the predictor. An answer that comes as a whole says nothing of its first
 * token, so only streams are measured.
 */
final class LatencySample {

    /** Measures nothing. */
    static final LatencySample NONE = new LatencySample(null, new float[0], new ServerPace(), 0);

    private static final double NANOS_PER_MILLI = TimeUnit.MILLISECONDS.toNanos(1);
    // Answers of few tokens say little about the time between tokens.
    private static final long LEAST_TOKENS = 4;

    private final @Nullable LatencyPredictor predictor;
    private final float[] features;
    private final ServerPace pace;
    private final long sentNanos;
    private long firstByteNanos;
    private boolean begun;

    private LatencySample(
            @Nullable LatencyPredictor predictor,
            float[] features,
            ServerPace pace,
            long sentNanos) {
        this.predictor = predictor;
        this.features = features;
        this.pace = pace;
        this.sentNanos = sentNanos;
    }

    /** Begins to measure a request that goes to an endpoint; notes what it has to read. */
    static LatencySample of(PickContext context, int index, LatencyPredictor predictor) {
        if (!context.request().details().streamed()) {
            return NONE;
        }
        ServerPace pace = context.endpointAt(index).pace();
        float[] features = context.latencies().features(index);
        pace.sent(context.prefixes().uncachedTokens(index), context.nowNanos());
        return new LatencySample(predictor, features, pace, context.nowNanos());
    }

    void firstByte(long nowNanos) {
        if (predictor != null) {
            begun = true;
            firstByteNanos = nowNanos;
            predictor.learnTtft(features, pace, (nowNanos - sentNanos) / NANOS_PER_MILLI);
        }
    }

    void complete(long completionTokens, long nowNanos) {
        if (predictor != null && begun && completionTokens >= LEAST_TOKENS) {
            double millis = (nowNanos - firstByteNanos) / NANOS_PER_MILLI;
            predictor.learnTpot(features, pace, millis / (completionTokens - 1));
        }
    }
}
