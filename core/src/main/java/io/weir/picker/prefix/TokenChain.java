package io.weir.picker.prefix;

import java.util.Arrays;

/**
 * The hashes of a prompt's tokens at the places where a server's blocks may end. Immutable.
 *
 * <p>Places get sparser further on, as in {@link PromptHashes}.
 */
public final class TokenChain implements HashChain {

    private final int blockTokens;
    private final int tokens;
    private final long[] hashes;
    private final int[] ends;

    private TokenChain(int blockTokens, int tokens, long[] hashes, int[] ends) {
        this.blockTokens = blockTokens;
        this.tokens = tokens;
        this.hashes = hashes;
        this.ends = ends;
    }

    /**
     * Hashes a prompt.
     *
     * @param tokens its tokens, of which the first {@code count} count
     * @param adapter LoRA adapter; empty for the base model
     * @param cacheSalt what keeps its blocks apart from those of others; empty for nothing
     * @param blockTokens tokens in a block
     * @param maxBlocks most blocks that are looked at
     */
    public static TokenChain of(
            int[] tokens,
            int count,
            String adapter,
            String cacheSalt,
            int blockTokens,
            int maxBlocks) {
        int blocks = Math.min(count / blockTokens, maxBlocks);
        long[] hashes = new long[Math.min(blocks, 1024)];
        int[] ends = new int[hashes.length];
        int size = 0;
        int at = 0;
        long hash = TokenHash.mixedIn(TokenHash.root(adapter), cacheSalt);
        for (int end = 1; end <= blocks; end += PromptHashes.step(end)) {
            for (; at < end * blockTokens; at++) {
                hash = TokenHash.next(hash, tokens[at]);
            }
            if (size == hashes.length) {
                hashes = Arrays.copyOf(hashes, 2 * size);
                ends = Arrays.copyOf(ends, 2 * size);
            }
            hashes[size] = hash;
            ends[size++] = end;
        }
        return new TokenChain(
                blockTokens, count, Arrays.copyOf(hashes, size), Arrays.copyOf(ends, size));
    }

    /** Returns the tokens in a block. */
    public int blockTokens() {
        return blockTokens;
    }

    /** Returns the prompt's tokens. */
    public int tokens() {
        return tokens;
    }

    @Override
    public int size() {
        return hashes.length;
    }

    /** Returns the blocks that all places cover. */
    public int blocks() {
        return blocks(hashes.length);
    }

    /** Returns the blocks from the prompt's begin that the first {@code count} places cover. */
    public int blocks(int count) {
        return count == 0 ? 0 : ends[count - 1];
    }

    @Override
    public long hash(int place) {
        return hashes[place];
    }
}
