package io.weir.picker.prefix;

/**
 * How prompts are matched.
 *
 * @param blockBytes bytes of text in one block; four stand for one token
 * @param maxBlocks most blocks of a prompt that are looked at; the rest counts as new
 * @param capacityBlocks blocks that a server's cache holds, where the server does not say itself
 * @param autoTune whether the size that the server states is used instead of {@code capacityBlocks}
 */
public record PrefixSettings(int blockBytes, int maxBlocks, int capacityBlocks, boolean autoTune) {

    /** Bytes of text taken for one token. */
    public static final int BYTES_PER_TOKEN = 4;

    /** Bytes that the tables of one pool may take together, beyond 8 KiB each. */
    public static final long POOL_BYTES = 64L << 20;

    /** Blocks of 16 tokens, 4 Mi tokens at most, and a cache of 500,000 tokens. */
    public static final PrefixSettings DEFAULT =
            new PrefixSettings(16 * BYTES_PER_TOKEN, 1 << 18, 31_250, true);

    public PrefixSettings {
        require(blockBytes > 0, "blockBytes", blockBytes);
        require(maxBlocks > 0, "maxBlocks", maxBlocks);
        require(capacityBlocks > 0, "capacityBlocks", capacityBlocks);
    }

    /**
     * Returns the blocks that a server's cache holds.
     *
     * @param kvBlocks blocks that the server says it has; 0 when it does not say
     * @param kvBlockTokens tokens in each of them
     */
    public int capacity(int kvBlocks, int kvBlockTokens) {
        long tokens = (long) kvBlocks * kvBlockTokens;
        if (!autoTune || tokens <= 0) {
            return capacityBlocks;
        }
        return Math.clamp(tokens * BYTES_PER_TOKEN / blockBytes, 1, Integer.MAX_VALUE);
    }

    /** Returns the whole blocks that some tokens of text fill. */
    public int blocks(long tokens) {
        return Math.clamp(tokens * BYTES_PER_TOKEN / blockBytes, 0, maxBlocks);
    }

    private static void require(boolean holds, String name, int value) {
        if (!holds) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: > 0)");
        }
    }
}
