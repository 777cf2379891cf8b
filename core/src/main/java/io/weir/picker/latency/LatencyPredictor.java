package io.weir.picker.latency;

import java.util.concurrent.atomic.AtomicBoolean;

/** Predicts the latencies of the servers of one pool. Thread-safe and lock-free. */
public final class LatencyPredictor {

    private static final int SAMPLES_TO_TRUST = 100;
    private static final double ERROR_TO_TRUST = 0.5;
    private static final double NEAR = 0.1;
    private static final double LEAST_TTFT_MILLIS = 0.5;
    private static final double LEAST_TPOT_MILLIS = 0.05;

    // Waits for a prefill that should not have been are rare and long: they count in full.
    private final LatencyEstimate ttft =
            new LatencyEstimate(LEAST_TTFT_MILLIS, Double.POSITIVE_INFINITY);
    private final LatencyEstimate typicalTtft = new LatencyEstimate(LEAST_TTFT_MILLIS, NEAR);
    private final LatencyEstimate tpot = new LatencyEstimate(LEAST_TPOT_MILLIS, NEAR);
    private final AtomicBoolean learning = new AtomicBoolean();

    /**
     * Returns whether enough was seen for predictions of the time to the first token, and they have
     * been good lately.
     */
    public boolean knowsTtft() {
        return isTrusted(typicalTtft);
    }

    /** Returns the same of the time per output token. */
    public boolean knowsTpot() {
        return isTrusted(tpot);
    }

    /**
     * Returns the milliseconds to the first token that as many requests exceed as stay below.
     *
     * @param x as {@link LatencyFeatures} filled it
     */
    public double ttftMillis(float[] x, ServerPace pace) {
        return typicalTtft.predict(x, pace.typicalFirstToken());
    }

    /** Returns the milliseconds to the first token on average: rare long waits count in full. */
    public double meanTtftMillis(float[] x, ServerPace pace) {
        return ttft.predict(x, pace.firstToken());
    }

    /** Returns the expected milliseconds per output token after the first. */
    public double tpotMillis(float[] x, ServerPace pace) {
        return tpot.predict(x, pace.perToken());
    }

    /** Returns by which factor one request of ten exceeds {@link #meanTtftMillis}. */
    public double ttftFactorForMany() {
        return ttft.factorForMany();
    }

    /** Returns by which factor the time per output token is longer for one request of ten. */
    public double tpotFactorForMany() {
        return tpot.factorForMany();
    }

    /** Returns the median relative error of the latest predictions, about; 0.1 is ten percent. */
    public double ttftError() {
        return typicalTtft.error();
    }

    /** Returns the median relative error of the latest predictions, about; 0.1 is ten percent. */
    public double tpotError() {
        return tpot.error();
    }

    /** Learns the time to the first token of a request. */
    public void learnTtft(float[] x, ServerPace pace, double millis) {
        learn(ttft, x, pace.firstToken(), millis);
        learn(typicalTtft, x, pace.typicalFirstToken(), millis);
    }

    /** Learns the time per output token of a request. */
    public void learnTpot(float[] x, ServerPace pace, double millis) {
        learn(tpot, x, pace.perToken(), millis);
    }

    private void learn(
            LatencyEstimate estimate, float[] x, ServerPace.Slowness slowness, double millis) {
        if (!(millis > 0) || !learning.compareAndSet(false, true)) {
            return;
        }
        try {
            estimate.learn(x, slowness, millis);
        } finally {
            learning.set(false);
        }
    }

    private static boolean isTrusted(LatencyEstimate estimate) {
        return estimate.samples() >= SAMPLES_TO_TRUST && estimate.error() < ERROR_TO_TRUST;
    }
}
