package io.weir.picker.latency;

/**
 * Learns how long the steps of a pool's servers take, and predicts the time to the first token by
 * walking through them ({@link StepWalk}).
 *
 * <p>Nobody sees a step from outside, but an answer of {@code n} tokens took {@code n - 1} steps
 * from its first token to its last, and what the server did meanwhile is known. On average one step
 * thus took
 *
 * <pre>{@code
 * (end - first) / (n - 1) = base + perSequence·s + perCache·c + perToken·k / (n - 1)
 * }</pre>
 *
 * with {@code s} sequences and the share {@code c} of the KV cache in use on average, and {@code k}
 * tokens of prompts that were answered in that time. Averages over hundreds of steps scatter
 * little, so that a few hundred answers tell the four weights within some percent.
 *
 * <p>Each server has weights of its own, and there are some of the pool, which a server takes
 * longer for by a factor of its own. The former know that a slow server is not slow because it gets
 * fewer requests, the latter know more where answers are long and few; those are taken by which
 * times to the first token have been told better lately. A server begins with those of its pool.
 *
 * <p>One thread at a time learns, any predicts.
 */
final class StepModel {

    private static final int SAMPLES_TO_BEGIN = 50;
    private static final int SAMPLES_TO_TRUST = 100;
    private static final int LEAST_STEPS = 7;
    private static final double NANOS_PER_MILLI = 1e6;

    private final StepTimes pool = new StepTimes();
    private final float[] x = new float[StepTimes.SIZE];
    private final EntryDelay entry = new EntryDelay();
    private final MedianError ownError = new MedianError();
    private final MedianError poolError = new MedianError();
    private final AnswerLength answer = new AnswerLength();
    private volatile int samples;
    private volatile boolean triedLonger;

    boolean isKnown() {
        return samples >= SAMPLES_TO_TRUST;
    }

    /** Returns the median relative error of the latest predictions, about. */
    double error() {
        return Math.min(ownError.median(), poolError.median());
    }

    /** Returns the milliseconds to the first token; only when steps are known. */
    double ttftMillis(StepWalk walk, ServerPace pace) {
        return ttftMillis(walk, pace, isPoolBetter(), entry.millis());
    }

    /**
     * Returns what is to be judged later.
     *
     * @param lineTokenMillis milliseconds per further token by the line
     */
    StepGuess guess(StepWalk walk, StepOutlook outlook, ServerPace pace, double lineTokenMillis) {
        if (!isKnown()) {
            return StepGuess.NONE;
        }
        boolean longer = !triedLonger;
        triedLonger = longer;
        boolean byPool = isPoolBetter();
        return new StepGuess(
                ttftMillis(walk, pace, false, entry.millis()),
                ttftMillis(walk, pace, true, entry.millis()),
                byPool,
                ttftMillis(walk, pace, byPool, entry.other(longer)),
                longer,
                tokenMillis(outlook, pace),
                lineTokenMillis);
    }

    /** Returns the milliseconds per further token; only when steps are known. */
    double tokenMillis(StepOutlook outlook, ServerPace pace) {
        StepTimes own = pace.stepTimes();
        return own == null || isPoolBetter()
                ? outlook.millis(pool, pace.steps().factor(), answer.tokens())
                : outlook.millis(own, 1, answer.tokens());
    }

    private boolean isPoolBetter() {
        return poolError.median() < ownError.median();
    }

    private double ttftMillis(StepWalk walk, ServerPace pace, boolean byPool, double entryMillis) {
        double slowness = pace.steps().factor();
        StepTimes own = pace.stepTimes();
        return own == null || byPool
                ? walk.millis(pool, slowness, slowness * entryMillis, answer.tokens())
                : walk.millis(own, 1, slowness * entryMillis, answer.tokens());
    }

    /** Learns from a time to the first token. */
    void learn(StepGuess guess, double millis) {
        if (guess.isMade()) {
            ownError.learn(guess.ownMillis(), millis);
            poolError.learn(guess.poolMillis(), millis);
            entry.learn(guess.millis(), guess.otherMillis(), guess.longer(), millis);
        }
    }

    /**
     * Learns from an answer.
     *
     * @param first what the server had done when the first token came
     * @param last what it had done when the last came
     * @param steps tokens after the first
     */
    @SuppressWarnings("NonAtomicVolatileUpdate") // One thread at a time learns.
    void learn(ServerPace pace, ServerWork.Mark first, ServerWork.Mark last, long steps) {
        double nanos = last.nanos() - first.nanos();
        if (steps < LEAST_STEPS || !(nanos > 0)) {
            return;
        }
        StepTimes.fill(
                x,
                (last.sequenceNanos() - first.sequenceNanos()) / nanos,
                (last.cacheNanos() - first.cacheNanos()) / nanos,
                (last.promptTokens() - first.promptTokens()) / (double) steps);
        double millis = nanos / NANOS_PER_MILLI / steps;
        learn(pace, millis);
        answer.learn(pace.work(), last, millis);
        samples++;
    }

    private void learn(ServerPace pace, double millis) {
        if (samples < SAMPLES_TO_BEGIN) {
            pool.learn(x, millis, millis);
            return;
        }
        double typical = pool.millis(x);
        ServerPace.Slowness slowness = pace.steps();
        slowness.learn(millis / (typical * slowness.factor()));
        pool.learn(x, millis / slowness.factor(), typical);
        StepTimes own = pace.stepTimes();
        if (own == null) {
            own = pool.slower(slowness.factor());
            pace.stepTimes(own);
        }
        own.learn(x, millis, own.millis(x));
    }
}
