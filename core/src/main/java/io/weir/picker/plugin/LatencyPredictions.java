package io.weir.picker.plugin;

import io.weir.picker.latency.LatencyFeatures;
import io.weir.picker.latency.LatencyPredictor;
import io.weir.picker.latency.ServerPace;
import io.weir.picker.latency.StepGuess;
import io.weir.picker.latency.StepOutlook;
import io.weir.picker.latency.StepWalk;
import io.weir.picker.state.EndpointState;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;

/**
 * How long each endpoint of the pool would take for a request. Worked out when first asked for;
 * reused from pick to pick; owned by one thread at a time.
 */
public final class LatencyPredictions {

    private final PickContext context;
    private final float[] features = new float[LatencyFeatures.SIZE];
    private final StepWalk walk = new StepWalk();
    private final StepOutlook outlook = new StepOutlook();
    private @Nullable LatencyPredictor predictor;
    private double[] meanTtftMillis = {};
    private double[] lineTpotMillis = {};
    // Of the endpoint that was asked for last.
    private long uncachedTokens;
    private int uncachedOf = -1;
    private double ttftForMany;
    private double tpotForMany;
    private boolean ttftKnown;
    private boolean tpotKnown;

    LatencyPredictions(PickContext context) {
        this.context = context;
    }

    void begin(@Nullable LatencyPredictor newPredictor, int endpoints) {
        predictor = newPredictor;
        uncachedOf = -1;
        ttftKnown = newPredictor != null && newPredictor.knowsTtft();
        tpotKnown = newPredictor != null && newPredictor.knowsTpot();
        if (newPredictor == null || !ttftKnown) {
            return;
        }
        ttftForMany = newPredictor.ttftFactorForMany();
        tpotForMany = newPredictor.tpotFactorForMany();
        if (meanTtftMillis.length < endpoints) {
            meanTtftMillis = new double[endpoints];
            lineTpotMillis = new double[endpoints];
        }
        Arrays.fill(meanTtftMillis, 0, endpoints, Double.NaN);
    }

    /** Returns whether there are predictions; not before enough requests were seen. */
    public boolean areKnown() {
        return ttftKnown;
    }

    /**
     * Returns whether {@link #ttftMillis} is among them. Who asks wants it: from then on what
     * servers do is followed step by step.
     */
    public boolean isTtftKnown() {
        if (predictor != null) {
            predictor.followSteps();
        }
        return ttftKnown;
    }

    /** Returns whether the time per output token is among them. */
    public boolean isTpotKnown() {
        return tpotKnown;
    }

    /**
     * Returns the milliseconds to a candidate's first token that half of such requests exceed;
     * worked out every time.
     */
    public double ttftMillis(int position) {
        if (predictor == null) {
            return 0;
        }
        int index = context.index(position);
        ServerPace pace = context.endpointAt(index).pace();
        predictor.followSteps();
        if (predictor.goesBySteps()) {
            begin(walk, index);
            return predictor.ttftMillis(walk, pace);
        }
        fill(features, index);
        return predictor.ttftMillis(features, pace);
    }

    /**
     * Returns the milliseconds per further token from a candidate that half of such requests
     * exceed; worked out every time.
     */
    public double tpotMillis(int position) {
        if (predictor == null) {
            return 0;
        }
        int index = context.index(position);
        ServerPace pace = context.endpointAt(index).pace();
        predictor.followSteps();
        fill(features, index);
        if (predictor.looksAhead()) {
            begin(outlook, index);
            return predictor.tpotMillis(features, outlook, pace);
        }
        return predictor.tpotMillis(features, pace);
    }

    /** Returns the milliseconds to the first token that nine of ten such requests stay below. */
    public double ttftMillisOfMany(int position) {
        int index = context.index(position);
        predict(index);
        return ttftForMany * meanTtftMillis[index];
    }

    /** Returns the milliseconds per further token that nine of ten such requests stay below. */
    public double tpotMillisOfMany(int position) {
        int index = context.index(position);
        predict(index);
        return tpotForMany * lineTpotMillis[index];
    }

    /**
     * Returns what is known of an endpoint of the pool, for learning from what will be measured.
     */
    public float[] features(int index) {
        float[] copy = new float[LatencyFeatures.SIZE];
        fill(copy, index);
        return copy;
    }

    /**
     * Returns what the steps of an endpoint of the pool promise, to be judged later.
     *
     * @param known the endpoint's {@link #features}
     */
    public StepGuess guess(float[] known, int index) {
        if (predictor == null || !predictor.followsSteps()) {
            return StepGuess.NONE;
        }
        begin(walk, index);
        begin(outlook, index);
        return predictor.guess(known, walk, outlook, context.endpointAt(index).pace());
    }

    /** Returns the prompt's tokens that an endpoint will most likely have to work out. */
    public long uncachedTokens(int index) {
        if (uncachedOf != index) {
            uncachedTokens = context.prefixes().likelyUncachedTokens(index);
            uncachedOf = index;
        }
        return uncachedTokens;
    }

    private void begin(StepWalk toBegin, int index) {
        EndpointState endpoint = context.endpointAt(index);
        toBegin.begin(
                endpoint.pace().work(),
                uncachedTokens(index),
                context.requestsAt(index) + endpoint.scraped().foreignRequests(),
                endpoint.kvCacheUsage(),
                context.nowNanos());
    }

    private void begin(StepOutlook toBegin, int index) {
        EndpointState endpoint = context.endpointAt(index);
        toBegin.begin(
                endpoint.pace().work(),
                context.requestsAt(index) + endpoint.scraped().foreignRequests(),
                endpoint.kvCacheUsage(),
                context.nowNanos());
    }

    private void predict(int index) {
        if (predictor == null || !Double.isNaN(meanTtftMillis[index])) {
            return;
        }
        fill(features, index);
        ServerPace pace = context.endpointAt(index).pace();
        meanTtftMillis[index] = predictor.meanTtftMillis(features, pace);
        lineTpotMillis[index] = tpotKnown ? predictor.tpotMillis(features, pace) : 0;
    }

    private void fill(float[] x, int index) {
        EndpointState endpoint = context.endpointAt(index);
        int requests = context.requestsAt(index);
        LatencyFeatures.fill(
                x,
                Math.max(0, context.request().promptTokens()),
                uncachedTokens(index),
                Math.max(0, endpoint.inFlight().prefillTokens()),
                requests + endpoint.scraped().foreignRequests(),
                endpoint.waitingRequests(requests),
                endpoint.kvCacheUsage(),
                endpoint.pace().tokensPerSecond(context.nowNanos()));
    }
}
