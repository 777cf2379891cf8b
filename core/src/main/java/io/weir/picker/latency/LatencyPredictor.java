package io.weir.picker.latency;

import io.weir.picker.latency.ServerWork.Mark;

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
    private final BlendedTpot blendedTpot = new BlendedTpot();
    private final StepModel steps = new StepModel();
    private final AtomicBoolean learning = new AtomicBoolean();
    private volatile boolean followsSteps;

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
     * Returns whether what servers do is to be followed step by step: not before somebody wanted to
     * know the time to the first token as near as possible, since it costs a microsecond or so.
     */
    public boolean followsSteps() {
        return followsSteps;
    }

    /** Says that steps are to be followed from now on. */
    public void followSteps() {
        if (!followsSteps) {
            followsSteps = true;
        }
    }

    /**
     * Returns whether walking through a server's steps has told the time to the first token better
     * lately than its features did.
     */
    public boolean goesBySteps() {
        return steps.isKnown() && steps.error() < typicalTtft.error();
    }

    /** Returns the milliseconds to the first token by a server's steps. */
    public double ttftMillis(StepWalk walk, ServerPace pace) {
        return steps.ttftMillis(walk, pace);
    }

    /** Returns what the steps promise for a request that is being sent. */
    public StepGuess guess(float[] x, StepWalk walk, StepOutlook outlook, ServerPace pace) {
        return steps.guess(walk, outlook, pace, tpotMillis(x, pace));
    }

    /**
     * Returns whether an outlook on a server's steps is to be asked for the time per output token,
     * too.
     */
    public boolean looksAhead() {
        return steps.isKnown() && blendedTpot.isPreferred();
    }

    /** Returns the milliseconds per output token by what is known of a server and its steps. */
    public double tpotMillis(float[] x, StepOutlook outlook, ServerPace pace) {
        return BlendedTpot.millis(tpotMillis(x, pace), steps.tokenMillis(outlook, pace));
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
        return goesBySteps() ? steps.error() : typicalTtft.error();
    }

    /** Returns the median relative error of the latest predictions, about; 0.1 is ten percent. */
    public double tpotError() {
        return looksAhead() ? blendedTpot.error() : tpot.error();
    }

    /** Learns the time to the first token of a request. */
    public void learnTtft(float[] x, ServerPace pace, double millis) {
        learnTtft(x, pace, StepGuess.NONE, millis);
    }

    /**
     * Learns the time to the first token of a request, and how good a guess was.
     *
     * @param guess made when the request was sent
     */
    public void learnTtft(float[] x, ServerPace pace, StepGuess guess, double millis) {
        if (!(millis > 0) || !mayLearn()) {
            return;
        }
        try {
            ttft.learn(x, pace.firstToken(), millis);
            typicalTtft.learn(x, pace.typicalFirstToken(), millis);
            steps.learn(guess, millis);
        } finally {
            learning.set(false);
        }
    }

    /** Learns the time per output token of a request. */
    public void learnTpot(float[] x, ServerPace pace, double millis) {
        learnTpot(x, pace, StepGuess.NONE, millis);
    }

    /**
     * Learns the time per output token of a request, and how good a guess was.
     *
     * @param guess made when the request was sent
     */
    public void learnTpot(float[] x, ServerPace pace, StepGuess guess, double millis) {
        if (!(millis > 0) || !mayLearn()) {
            return;
        }
        try {
            blendedTpot.learn(guess, millis);
            tpot.learn(x, pace.perToken(), millis);
        } finally {
            learning.set(false);
        }
    }

    /**
     * Learns how long the steps of an answer took.
     *
     * @param first what the server had done at the first token
     * @param last what it had done at the last
     * @param count tokens after the first
     */
    public void learnSteps(ServerPace pace, Mark first, Mark last, long count) {
        if (!mayLearn()) {
            return;
        }
        try {
            steps.learn(pace, first, last, count);
        } finally {
            learning.set(false);
        }
    }

    /** Returns whether nobody else learns now; who may has to say when it is done. */
    private boolean mayLearn() {
        return learning.compareAndSet(false, true);
    }

    private static boolean isTrusted(LatencyEstimate estimate) {
        return estimate.samples() >= SAMPLES_TO_TRUST && estimate.error() < ERROR_TO_TRUST;
    }
}
