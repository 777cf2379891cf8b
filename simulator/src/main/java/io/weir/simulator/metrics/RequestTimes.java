package io.weir.simulator.metrics;

/**
 * What is known of a finished request.
 *
 * @param promptTokens tokens of the prompt
 * @param generatedTokens tokens that came out
 * @param maxTokens limit that the client set, -1 for none
 * @param submittedNanos when it came
 * @param admittedNanos when it began to run
 * @param firstTokenNanos when its first token came out
 * @param lastTokenNanos when its last token came out
 * @param finishReason {@code stop}, {@code length} or {@code abort}
 */
public record RequestTimes(
        int promptTokens,
        int generatedTokens,
        int maxTokens,
        long submittedNanos,
        long admittedNanos,
        long firstTokenNanos,
        long lastTokenNanos,
        String finishReason) {}
