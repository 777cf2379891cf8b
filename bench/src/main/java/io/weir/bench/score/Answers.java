package io.weir.bench.score;

/** Counts the requests of a run that count, and what their clients saw. One thread at a time. */
final class Answers {

    private final Slo slo;
    private final Sample ttft = new Sample();
    private final Sample tpot = new Sample();
    private long requests;
    private long refused;
    private long met;
    private long missed;
    private long promptTokens;
    private long cachedTokens;

    Answers(Slo slo) {
        this.slo = slo;
    }

    /**
     * What only servers know; see {@link Outcome}.
     *
     * @param outputRate tokens per second that all of them together put out
     * @param imbalance coefficient of variation of their work
     * @param burstImbalance the most of a burst that went to one, over the mean
     * @param preemptions sequences that had to start over
     * @param adapterLoads LoRA adapters loaded
     */
    record OfServers(
            double outputRate,
            double imbalance,
            double burstImbalance,
            long preemptions,
            long adapterLoads) {

        static final OfServers UNKNOWN = new OfServers(0, 0, 0, 0, 0);
    }

    void sent() {
        requests++;
    }

    /** Counts one that was sent and is not answered. */
    void refused() {
        refused++;
        missed++;
    }

    void answered(int prompt, int cached, double ttftMillis, double tpotMillis) {
        ttft.add(ttftMillis);
        tpot.add(tpotMillis);
        promptTokens += prompt;
        cachedTokens += cached;
        if (slo.isMet(prompt, ttftMillis, tpotMillis)) {
            met++;
        } else {
            missed++;
        }
    }

    /** Returns how many missed their limits so far. */
    long missed() {
        return missed;
    }

    Outcome outcome(double rate, OfServers servers) {
        return new Outcome(
                rate,
                requests,
                requests == 0 ? 1 : (double) met / requests,
                ttft.mean(),
                ttft.quantile(0.5),
                ttft.quantile(0.9),
                ttft.quantile(0.99),
                tpot.mean(),
                tpot.quantile(0.99),
                servers.outputRate(),
                (double) cachedTokens / Math.max(1, promptTokens),
                servers.imbalance(),
                servers.burstImbalance(),
                servers.preemptions(),
                servers.adapterLoads(),
                refused);
    }
}
