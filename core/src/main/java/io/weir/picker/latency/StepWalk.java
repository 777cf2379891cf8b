package io.weir.picker.latency;

/**
 * Walks through the steps that a server has to do before a request gets its first token.
 *
 * <p>The walk starts where a step was last seen to end, with the sequences that put out tokens and
 * the prompts that are not answered. At time {@code t} a step begins; it takes the prompts that
 * have reached the server's queue, {@code sent + entry ≤ t}, in their order, as far as its tokens
 * and the server's slots go, and lasts
 *
 * <pre>{@code
 * slowness · (base + perSequence·sequences + perCache·use of the KV cache + perToken·tokens of prompts)
 * }</pre>
 *
 * Then {@code t} is its end, those whose prompts are done put out tokens, too, and the next step
 * begins, until the request's own prompt is done. Steps without a prompt are silent, and are walked
 * through many at a time. A step that should have answered somebody before now has not: it is taken
 * to end now. In each step that is to come the share {@code 1 / tokens of an answer} of the
 * sequences ends, which sets slots free. Which ones is chance: where {@code m} end on average, in
 * half of the cases there are as many as {@code ⌊m + 1/3⌋} or more (the median of a Poisson
 * distribution), and that is what is taken.
 *
 * <p>Reused from pick to pick; owned by one thread at a time.
 */
public final class StepWalk {

    private static final int OWN = 0;
    private static final int MOST_STEPS = 1000;
    // Who arrives when a step begins is in it, whatever rounding says.
    private static final double AT_ONCE_MILLIS = 1e-6;
    private static final double MEDIAN_BEYOND_MEAN = 1.0 / 3;
    // vLLM's default for the tokens of one step.
    private static final double STEP_TOKENS = 8192;

    // The own prompt, then those before it, the newest first.
    private final double[] sentMillis = new double[PendingPrompts.SIZE + 1];
    private final double[] tokens = new double[PendingPrompts.SIZE + 1];
    private final double[] left = new double[PendingPrompts.SIZE + 1];
    private int prompts;
    private int sequencesAtFirst;
    private double kvCacheUsage;
    private double lastEndMillis;
    private int slots;

    // The step that is being put together.
    private double sequences;
    private double stepTokens;
    private int started;
    private int answered;

    /**
     * Notes what a server has before it at the moment of a pick.
     *
     * @param uncachedTokens tokens of the prompt that the server has to work out
     * @param requests requests that the server has, this one left out
     */
    public void begin(
            ServerWork work, long uncachedTokens, int requests, double kvUsage, long nowNanos) {
        sentMillis[OWN] = 0;
        tokens[OWN] = Math.max(1, uncachedTokens);
        prompts = work.pending().copy(tokens, sentMillis, OWN + 1, nowNanos);
        sequencesAtFirst = Math.max(0, requests - (prompts - 1));
        kvCacheUsage = kvUsage;
        lastEndMillis = work.stepEndMillis(nowNanos);
        slots = work.slots();
    }

    /**
     * Returns the milliseconds to the own first token.
     *
     * @param times how long steps take
     * @param slowness by which factor this server's take longer
     * @param entryMillis time from sending a prompt to the server's queue
     * @param answerTokens tokens of a usual answer
     */
    double millis(StepTimes times, double slowness, double entryMillis, double answerTokens) {
        System.arraycopy(tokens, 0, left, 0, prompts);
        sequences = sequencesAtFirst;
        double ending = MEDIAN_BEYOND_MEAN;
        double t = firstStep(entryMillis);
        for (int i = 0; i < MOST_STEPS; i++) {
            double sentBefore = t - entryMillis + AT_ONCE_MILLIS;
            plan(sentBefore);
            double busy = sequences + started;
            double arrival = started > 0 ? 0 : nextArrival(sentBefore) + entryMillis;
            if (busy == 0) {
                t = arrival;
                continue;
            }
            double step = slowness * times.millis(busy, kvCacheUsage, stepTokens);
            boolean isFull = busy >= slots;
            double steps = started > 0 || isFull ? 1 : silentSteps(arrival - t, step);
            double end = t + step * steps;
            t = answered > 0 ? Math.max(0, end) : end;
            if (left[OWN] == 0) {
                return t;
            }
            sequences += answered;
            ending += Math.min(steps, stepsToCome(end, step)) * sequences / answerTokens;
            double ended = Math.floor(ending);
            ending -= ended;
            sequences = Math.max(0, sequences - ended);
        }
        return t;
    }

    private double firstStep(double entryMillis) {
        boolean isIdle = sequencesAtFirst == 0 && prompts == 1;
        if (isIdle) {
            return entryMillis;
        }
        return lastEndMillis == Double.NEGATIVE_INFINITY ? 0 : lastEndMillis;
    }

    /** Puts the next step together. */
    private void plan(double sentBefore) {
        double budget = STEP_TOKENS - sequences;
        stepTokens = 0;
        started = 0;
        answered = 0;
        for (int i = prompts - 1; i >= 0 && budget > 0; i--) {
            if (left[i] == 0 || sentMillis[i] > sentBefore) {
                continue;
            }
            boolean isNew = left[i] == tokens[i];
            if (isNew && sequences + started >= slots) {
                return;
            }
            double taken = Math.min(budget, left[i]);
            left[i] -= taken;
            budget -= taken;
            stepTokens += taken;
            started++;
            answered += left[i] == 0 ? 1 : 0;
        }
    }

    /** Returns when the next prompt was sent that is not in the queue yet. */
    private double nextArrival(double sentBefore) {
        double next = Double.POSITIVE_INFINITY;
        for (int i = 0; i < prompts; i++) {
            if (left[i] > 0 && sentMillis[i] > sentBefore) {
                next = Math.min(next, sentMillis[i]);
            }
        }
        return next;
    }

    /** Of steps that are over, it is known who ended. */
    private static double stepsToCome(double end, double step) {
        return end <= 0 ? 0 : Math.ceil(end / step);
    }

    private static double silentSteps(double millis, double step) {
        return millis == Double.POSITIVE_INFINITY ? 1 : Math.max(1, Math.ceil(millis / step));
    }
}
