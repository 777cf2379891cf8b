package io.weir.body;

/**
 * Token usage that a model server reported; -1 where it said nothing.
 *
 * @param promptTokens tokens of the prompt
 * @param completionTokens tokens of the answer
 * @param totalTokens both together
 * @param cachedTokens prompt tokens that came from a prefix cache
 */
public record Usage(long promptTokens, long completionTokens, long totalTokens, long cachedTokens) {

    /** Nothing was reported. */
    public static final Usage UNKNOWN = new Usage(-1, -1, -1, -1);
}
