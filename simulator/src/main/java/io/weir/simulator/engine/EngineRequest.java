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
 */
@SuppressWarnings("ArrayRecordComponent")
public record EngineRequest(
        int promptTokens, int outputTokens, long[] blockHashes, @Nullable String adapter) {

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
