package io.weir.simulator.engine;

/**
 * What an engine counted since its beginning.
 *
 * @param steps steps of the scheduling loop; 0 for a paced engine
 * @param preemptions sequences that had to start over
 * @param prefixQueryTokens prompt tokens that were looked up in the prefix cache
 * @param prefixHitTokens of these, how many were found
 * @param prefillTokens prompt tokens that were computed, those of restarts included
 * @param generatedTokens tokens that came out
 * @param adapterLoads adapters made resident
 * @param busyNanos time spent in steps; 0 for a paced engine
 */
public record EngineCounters(
        long steps,
        long preemptions,
        long prefixQueryTokens,
        long prefixHitTokens,
        long prefillTokens,
        long generatedTokens,
        long adapterLoads,
        long busyNanos) {}
