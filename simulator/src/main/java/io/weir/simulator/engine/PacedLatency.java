package io.weir.simulator.engine;

/**
 * A server in which every sequence keeps its own pace, as llm-d-inference-sim does: a time to first
 * token, then a time between tokens, both stretched by the load.
 *
 * <pre>{@code
 * load factor  = 1 + (factorUnderLoad − 1)·(running − 1)/(maxSequences − 1)
 * first token  = (firstToken + prefillOverhead + perPrefillToken·uncached prompt tokens)·load factor
 * next tokens  = betweenTokens·load factor
 * }</pre>
 *
 * A standard deviation makes a time Gaussian, kept within 0.3 to 1.7 of its mean.
 *
 * @param firstTokenNanos constant time to first token
 * @param firstTokenStdDevNanos its deviation
 * @param prefillOverheadNanos constant part of a prefill
 * @param perPrefillTokenNanos for each prompt token that is not cached
 * @param prefillStdDevNanos deviation of the prefill
 * @param betweenTokensNanos time between two tokens
 * @param betweenTokensStdDevNanos its deviation
 * @param factorUnderLoad how much slower a full server is, at least 1
 * @param adapterLoadNanos time to make an adapter resident
 */
public record PacedLatency(
        double firstTokenNanos,
        double firstTokenStdDevNanos,
        double prefillOverheadNanos,
        double perPrefillTokenNanos,
        double prefillStdDevNanos,
        double betweenTokensNanos,
        double betweenTokensStdDevNanos,
        double factorUnderLoad,
        double adapterLoadNanos)
        implements LatencyModel {

    /** Everything at once. */
    public static final PacedLatency NONE = new PacedLatency(0, 0, 0, 0, 0, 0, 0, 1, 0);

    /** A constant time to the first token and between tokens, whatever the load. */
    public static PacedLatency constant(double firstTokenNanos, double betweenTokensNanos) {
        return new PacedLatency(firstTokenNanos, 0, 0, 0, 0, betweenTokensNanos, 0, 1, 0);
    }

    /** Returns the mean time of a prefill, without the constant time to first token. */
    double prefillNanos(int uncachedTokens) {
        return prefillOverheadNanos + perPrefillTokenNanos * uncachedTokens;
    }
}
