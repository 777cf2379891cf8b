package io.weir.simulator.engine;

import org.jspecify.annotations.Nullable;

/**
 * One sequence to generate. Its length is known beforehand, as the answer of a simulated model is.
 *
 * @param promptTokens tokens to prefill, at least 1
 * @param outputTokens tokens to generate, at least 1
 * @param blockHashes chained hashes of the leading full blocks of prompt and output; blocks beyond
 *     the array are never shared. Not to be changed afterwards
 * @param adapter LoRA adapter, null for the base model
 * @param content what is hashed, for a {@link CacheListener}; null when nobody listens
 */
@SuppressWarnings("ArrayRecordComponent")
public record EngineRequest(
        int promptTokens,
        int outputTokens,
        long[] blockHashes,
        @Nullable String adapter,
        @Nullable Content content) {

    /**
     * What the blocks of a sequence hold.
     *
     * @param tokens tokens of prompt and output; not to be changed afterwards
     * @param cacheSalt what keeps the blocks from sequences with another salt; empty for nothing
     */
    public record Content(int[] tokens, String cacheSalt) {}

    /** A sequence of which nobody needs to know what its blocks hold. */
    public EngineRequest(
            int promptTokens, int outputTokens, long[] blockHashes, @Nullable String adapter) {
        this(promptTokens, outputTokens, blockHashes, adapter, null);
    }

    public EngineRequest {
        if (promptTokens < 1 || outputTokens < 1) {
            throw new IllegalArgumentException(
                    "tokens: " + promptTokens + "+" + outputTokens + " (expected: at least 1+1)");
        }
    }

    /** Returns the tokens of prompt and output together. */
    public int totalTokens() {
        return promptTokens + outputTokens;
    }
}
