package io.weir.simulator.engine;

/** The work of one step while it is put together. */
final class StepPlan {

    int budget;
    int sequences;
    int prefillTokens;
    private long contextTokens;
    private boolean adapters;

    StepPlan(int budget) {
        this.budget = budget;
    }

    /**
     * Adds all sequences that put out one token.
     *
     * @param context sum of their tokens
     * @param withAdapters whether some of them use an adapter
     */
    void addDecoding(int count, long context, boolean withAdapters) {
        budget -= count;
        sequences += count;
        contextTokens += context;
        adapters |= withAdapters;
    }

    void add(EngineTask task, int tokens) {
        budget -= tokens;
        sequences++;
        adapters |= task.request.adapter() != null;
        boolean decodes = task.generated > 0 && tokens == 1;
        if (decodes) {
            contextTokens += task.tokensToCompute();
        } else {
            prefillTokens += tokens;
        }
    }

    double nanos(StepLatency latency) {
        double nanos = latency.stepNanos(sequences, contextTokens, prefillTokens);
        return adapters ? nanos * (1 + latency.adapterOverhead()) : nanos;
    }
}
