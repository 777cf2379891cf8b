package io.weir.picker.pool;

import io.weir.picker.latency.LatencyPredictor;
import io.weir.picker.latency.ServerPace;
import io.weir.picker.latency.ServerWork;
import io.weir.picker.latency.ServerWork.Mark;
import io.weir.picker.latency.StepGuess;
import io.weir.picker.plugin.LatencyPredictions;
import io.weir.picker.plugin.PickContext;
import io.weir.picker.state.EndpointState;
import io.weir.picker.state.Scraped;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.TimeUnit;

/**
 * Measures one stream.
 *
 * <pre>
 * SENT ── firstByte() ──▶ BEGUN ── complete() ──▶ OVER
 *   │                       │                       ▲
 *   └──────── complete(), abandon() ────────────────┘
 * </pre>
 *
 * <p>Only a stream that was BEGUN and completed teaches the time per token. While the predictor
 * follows steps, the server's {@link ServerWork} is told of all three, and of what never begins.
 */
final class StreamSample extends LatencySample {

    private static final double NANOS_PER_MILLI = TimeUnit.MILLISECONDS.toNanos(1);
    // Answers of few tokens say little about the time between tokens.
    private static final long LEAST_TOKENS = 4;
    private static final long NOT_FOLLOWED = -1;

    private final LatencyPredictor predictor;
    private final EndpointState endpoint;
    private final float[] features;
    private final StepGuess guess;
    private final long uncachedTokens;
    private final long sentNanos;
    private final long prompt;
    private long firstNanos;
    private boolean begun;
    private @Nullable Mark first;

    /** Begins to measure; notes what the endpoint has to read. */
    StreamSample(PickContext context, int index, LatencyPredictor predictor) {
        this.predictor = predictor;
        LatencyPredictions predictions = context.latencies();
        endpoint = context.endpointAt(index);
        features = predictions.features(index);
        guess = predictions.guess(features, index);
        uncachedTokens = predictions.uncachedTokens(index);
        sentNanos = context.nowNanos();
        prompt = predictor.followsSteps() ? follow() : NOT_FOLLOWED;
        endpoint.pace().sent(context.prefixes().uncachedTokens(index), sentNanos);
    }

    private long follow() {
        ServerWork work = endpoint.pace().work();
        Scraped told = endpoint.scraped();
        work.scraped(told.takenNanos(), told.runningRequests(), told.waitingRequests());
        return work.sent(uncachedTokens, requests(), endpoint.kvCacheUsage(), sentNanos);
    }

    @Override
    void firstByte(long nowNanos) {
        begun = true;
        firstNanos = nowNanos;
        ServerPace pace = endpoint.pace();
        if (prompt != NOT_FOLLOWED) {
            double usage = endpoint.kvCacheUsage();
            first = pace.work().answered(prompt, uncachedTokens, requests(), usage, nowNanos);
        }
        predictor.learnTtft(features, pace, guess, (nowNanos - sentNanos) / NANOS_PER_MILLI);
    }

    @Override
    void complete(long completionTokens, long nowNanos) {
        if (!begun) {
            abandon();
            return;
        }
        ServerPace pace = endpoint.pace();
        long steps = completionTokens - 1;
        if (completionTokens >= LEAST_TOKENS) {
            double millis = (nowNanos - firstNanos) / NANOS_PER_MILLI;
            predictor.learnTpot(features, pace, guess, millis / steps);
        }
        Mark before = first;
        if (before != null) {
            Mark last = pace.work().ended(requests(), endpoint.kvCacheUsage(), nowNanos);
            predictor.learnSteps(pace, before, last, steps);
        }
    }

    @Override
    void abandon() {
        if (prompt == NOT_FOLLOWED) {
            return;
        }
        ServerWork work = endpoint.pace().work();
        if (begun) {
            work.brokenOff();
        } else {
            work.gone(prompt);
        }
    }

    /** The request itself is counted as long as it is not complete. */
    private int requests() {
        return endpoint.inFlight().requests() + endpoint.scraped().foreignRequests();
    }
}
