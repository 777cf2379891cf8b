package io.weir.simulator.engine;

import org.jspecify.annotations.Nullable;

/**
 * One request in an engine. Its fields belong to the engine once it is submitted; the public
 * getters are for sinks, which run inside the engine's calls.
 */
public final class Sequence {

    final long[] promptBlocks;
    final int promptTokens;
    final int outputTokens;
    final @Nullable String adapter;
    final TokenSink sink;

    /** When it enters the scheduler's queue. */
    long arrivalNanos;

    /** Tokens whose KV entries are computed. */
    int computed;

    /**
     * Tokens to compute before the next token comes out: prompt, and what was lost by preemption.
     */
    int toCompute;

    /** Tokens that have come out. */
    int generated;

    int cachedTokens;
    int chunk;
    int sharedBlocks;
    int ownBlocks;
    boolean admitted;
    boolean cancelled;

    /**
     * Makes a request.
     *
     * @param promptBlocks chained hashes of the full blocks of the prompt
     * @param promptTokens tokens of the prompt, at least 1
     * @param outputTokens tokens to generate, at least 1
     * @param adapter LoRA adapter; null for the base model
     * @param sink takes the tokens
     */
    public Sequence(
            long[] promptBlocks,
            int promptTokens,
            int outputTokens,
            @Nullable String adapter,
            TokenSink sink) {
        if (promptTokens < 1 || outputTokens < 1) {
            throw new IllegalArgumentException(
                    "tokens: " + promptTokens + ", " + outputTokens + " (expected: >= 1 each)");
        }
        this.promptBlocks = promptBlocks.clone();
        this.promptTokens = promptTokens;
        this.outputTokens = outputTokens;
        this.adapter = adapter;
        this.sink = sink;
        this.toCompute = promptTokens;
    }

    /** Returns how many prompt tokens came from the prefix cache when it was admitted. */
    public int cachedTokens() {
        return cachedTokens;
    }

    /** Returns how many tokens have come out. */
    public int generatedTokens() {
        return generated;
    }

    boolean decoding() {
        return computed >= toCompute;
    }

    int contextTokens() {
        return promptTokens + generated;
    }

    boolean finished() {
        return generated >= outputTokens;
    }

    /** Takes the tokens of a sequence. Must not block. */
    public interface TokenSink {

        /**
         * A token came out.
         *
         * @param sequence the sequence
         * @param nowNanos time of the step's end
         * @param last whether it was the last one
         */
        void token(Sequence sequence, long nowNanos, boolean last);

        /** The request can never be served: it needs more than the whole KV cache. */
        default void refused(Sequence sequence) {}
    }
}
