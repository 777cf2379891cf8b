package io.weir.picker.prefix;

/**
 * How much of the prompts that come to a pool is found where they are sent: what a token in a
 * server's cache is worth. A mean in which old prompts count less and less. Thread-safe; concurrent
 * updates may lose one another, which only slows the mean down.
 */
public final class PrefixReuse {

    // Remembers some two hundred prompts.
    private static final double FORGETTING = 0.995;

    private final Answers answers = new Answers();
    private volatile double tokens = 1;
    private volatile double found;

    /** Returns what followed the pool's prompts. */
    public Answers answers() {
        return answers;
    }

    /** Returns the share of the prompts' tokens that was found, 0..1. */
    public double share() {
        return found / tokens;
    }

    /**
     * Learns from a prompt.
     *
     * @param promptTokens its tokens
     * @param uncachedTokens those of them that were not found
     */
    public void learn(long promptTokens, long uncachedTokens) {
        found = FORGETTING * found + Math.max(0, promptTokens - uncachedTokens);
        tokens = FORGETTING * tokens + promptTokens;
    }
}
