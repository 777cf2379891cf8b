package io.weir.bench.score;

/**
 * What came of a run.
 *
 * @param rate sessions per second
 * @param requests requests that count
 * @param attainment share of them that met all limits; those that were refused or not answered in
 *     time did not
 * @param ttftMean mean time to the first token in milliseconds; so are those that follow
 * @param ttftP50 its median
 * @param ttftP90 its 90th percentile
 * @param ttftP99 its 99th percentile
 * @param tpotMean mean of the requests' mean times between tokens
 * @param tpotP99 its 99th percentile
 * @param outputRate tokens per second that all servers together put out
 * @param prefixHits share of the prompts' tokens that were found in a cache
 * @param imbalance coefficient of variation of the servers' work in tokens, a generated one taken
 *     for four of a prompt
 * @param burstImbalance the most requests of a burst that went to one server, over the mean; 0 when
 *     there was no burst
 * @param preemptions sequences that had to start over
 * @param adapterLoads LoRA adapters loaded
 * @param refused requests that were refused
 */
record Outcome(
        double rate,
        long requests,
        double attainment,
        double ttftMean,
        double ttftP50,
        double ttftP90,
        double ttftP99,
        double tpotMean,
        double tpotP99,
        double outputRate,
        double prefixHits,
        double imbalance,
        double burstImbalance,
        long preemptions,
        long adapterLoads,
        long refused) {}
