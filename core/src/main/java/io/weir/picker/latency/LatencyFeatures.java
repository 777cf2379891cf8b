package io.weir.picker.latency;

/**
 * What is known of a server and a request at the moment of a pick, as numbers of about the same
 * size. The array's layout is known to this class alone.
 */
public final class LatencyFeatures {

    /** Length of the array. */
    public static final int SIZE = 10;

    // vLLM's default for the tokens of one step.
    private static final double STEP_TOKENS = 8192;

    private LatencyFeatures() {}

    /**
     * Fills an array.
     *
     * @param x to be filled, {@link #SIZE} long
     * @param promptTokens tokens of the prompt
     * @param uncachedTokens those of them that the server has to work out
     * @param prefillTokens such tokens of requests that were sent before and are not answered
     * @param requests requests that the server has
     * @param waiting how many of these wait
     * @param kvCacheUsage use of the KV cache, 0..1
     * @param prefillTokensPerSecond prompt tokens that came lately and had to be worked out
     */
    public static void fill(
            float[] x,
            long promptTokens,
            long uncachedTokens,
            long prefillTokens,
            int requests,
            int waiting,
            double kvCacheUsage,
            double prefillTokensPerSecond) {
        double own = uncachedTokens / 1000.0;
        double before = prefillTokens / 1000.0;
        x[0] = 1;
        x[1] = (float) own;
        x[2] = (float) before;
        x[3] = (float) (requests / 50.0);
        x[4] = (float) (kvCacheUsage * 4);
        x[5] = (float) (waiting / 50.0);
        x[6] = (float) (prefillTokensPerSecond / 10_000);
        // Prompts are computed in the same steps in which all others get their next token.
        x[7] = (float) ((own + before) * requests / 100);
        x[8] = (float) Math.floor((uncachedTokens + prefillTokens) / STEP_TOKENS);
        // Of a conversation that goes on, what looks new is mostly the server's own last answer.
        double known = promptTokens <= 0 ? 0 : 1 - (double) uncachedTokens / promptTokens;
        x[9] = (float) (own * known);
    }
}
