package io.weir.picker.latency;

/**
 * Tells how long a server's steps will be on average while it puts out a usual answer.
 *
 * <p>Of the time, prompts take the share {@code ρ = perToken·R}, with {@code R} tokens of prompts
 * that come in a millisecond. The rest is left for steps of {@code S} sequences with the use {@code
 * κ·S} of the KV cache, so that one takes
 *
 * <pre>{@code
 * d(S) = (base + perSequence·S + perCache·κ·S) / (1 - ρ) = b + a·S
 * }</pre>
 *
 * In that time {@code λ·d} sequences come, and of those that are there one in {@code L} ends, when
 * answers have {@code L} tokens. With each step the sequences thus change by
 *
 * <pre>{@code
 * dS/dn = λ·d(S) - S/L = g·S + c        g = λ·a - 1/L        c = λ·b
 * }</pre>
 *
 * which goes up or down from what is there now; over {@code n} steps they are on average
 *
 * <pre>{@code
 * S̄ = S·E + c·(E - 1)/g        E = (e^(g·n) - 1) / (g·n)
 * }</pre>
 *
 * and no more than the server has slots. Half of the answers are shorter than {@code n = L·ln 2}.
 * What is there at the moment alone would lag behind load that grows: a server that gets slower
 * gets fuller, which makes it slower still, until as many sequences end as come.
 *
 * <p>Reused from pick to pick; owned by one thread at a time.
 */
public final class StepOutlook {

    private static final double MOST_PREFILL = 0.95;
    private static final double FASTEST_GROWTH = 3;
    private static final double SMALL = 1e-4;

    private int requests;
    private int slots;
    private double kvCacheUsage;
    private double requestsPerMilli;
    private double tokensPerMilli;

    /**
     * Notes what is known of a server at the moment of a pick.
     *
     * @param otherRequests requests that the server has, this one left out
     */
    public void begin(ServerWork work, int otherRequests, double kvUsage, long nowNanos) {
        requests = otherRequests + 1;
        slots = work.slots();
        kvCacheUsage = kvUsage;
        Arrivals arrivals = work.arrivals();
        double perMilli = arrivals.perMilli(nowNanos);
        // What comes unseen comes like what is seen.
        double known = Math.min(1, (work.followed() + 1.0) / requests);
        requestsPerMilli = arrivals.requests() * perMilli / known;
        tokensPerMilli = arrivals.tokens() * perMilli;
    }

    /**
     * Returns the milliseconds of a step.
     *
     * @param times how long steps take
     * @param slowness by which factor this server's take longer
     * @param answerTokens tokens of a usual answer
     */
    double millis(StepTimes times, double slowness, double answerTokens) {
        double now = Math.min(slots, requests);
        double prefill = Math.min(MOST_PREFILL, slowness * times.promptMillis(tokensPerMilli));
        double longer = slowness / (1 - prefill);
        double empty = longer * times.millis(0, 0, 0);
        double perSequence = (longer * times.millis(now, kvCacheUsage, 0) - empty) / now;
        double meant =
                Math.min(slots, sequences(now, empty, Math.max(0, perSequence), answerTokens));
        return longer * times.millis(meant, Math.min(1, kvCacheUsage * meant / now), 0);
    }

    /** Returns how many there will be on average. */
    private double sequences(double now, double empty, double perSequence, double answerTokens) {
        double steps = Math.log(2) * answerTokens;
        double grown = (requestsPerMilli * perSequence - 1 / answerTokens) * steps;
        double come = requestsPerMilli * empty * steps;
        if (Math.abs(grown) < SMALL) {
            return now + come / 2;
        }
        double bounded = Math.min(FASTEST_GROWTH, grown);
        double mean = Math.expm1(bounded) / bounded;
        return now * mean + come * (mean - 1) / bounded;
    }
}
