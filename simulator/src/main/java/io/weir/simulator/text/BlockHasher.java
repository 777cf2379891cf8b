package io.weir.simulator.text;

import java.util.Arrays;

/**
 * Counts tokens and hashes them block by block, each hash including all before it, so that two
 * sequences share a hash exactly as far as they share their tokens from the beginning.
 */
public final class BlockHasher implements TokenSink {

    private static final long MULTIPLIER = 0x9E37_79B9_7F4A_7C15L;

    private final int blockTokens;
    private long hash;
    private int tokens;
    private int inBlock;
    private int blocks;
    private long[] hashes = new long[4];
    private final boolean keeps;
    private int[] kept = {};

    /**
     * @param root what sequences must have in common besides their tokens, see {@link #root}
     * @param blockTokens tokens in a block
     */
    public BlockHasher(long root, int blockTokens) {
        this(root, blockTokens, false);
    }

    /**
     * @param root what sequences must have in common besides their tokens, see {@link #root}
     * @param blockTokens tokens in a block
     * @param keeps whether {@link #kept} is going to be asked for
     */
    public BlockHasher(long root, int blockTokens, boolean keeps) {
        hash = root;
        this.blockTokens = blockTokens;
        this.keeps = keeps;
    }

    /** Returns a root from names; parts that differ give roots that differ. */
    public static long root(String... parts) {
        long hash = 17;
        for (String part : parts) {
            for (int i = 0; i < part.length(); i++) {
                hash = mix(hash, part.charAt(i));
            }
            hash = mix(hash, -1);
        }
        return hash;
    }

    @Override
    public void accept(int token) {
        hash = mix(hash, token);
        if (keeps) {
            keep(token);
        }
        tokens++;
        inBlock++;
        if (inBlock == blockTokens) {
            endBlock();
        }
    }

    /** Returns how many tokens were taken. */
    public int tokens() {
        return tokens;
    }

    /** Returns the hash over all tokens so far. */
    public long hash() {
        return hash;
    }

    /** Returns the hashes of all full blocks. */
    public long[] hashes() {
        return Arrays.copyOf(hashes, blocks);
    }

    /** Returns the tokens themselves, if they are kept. */
    public int[] kept() {
        return Arrays.copyOf(kept, keeps ? tokens : 0);
    }

    private void keep(int token) {
        if (tokens == kept.length) {
            kept = Arrays.copyOf(kept, Math.max(64, 2 * tokens));
        }
        kept[tokens] = token;
    }

    private void endBlock() {
        if (blocks == hashes.length) {
            hashes = Arrays.copyOf(hashes, 2 * blocks);
        }
        hashes[blocks++] = hash;
        inBlock = 0;
    }

    private static long mix(long hash, int token) {
        long mixed = (hash ^ (token & 0xffff_ffffL)) * MULTIPLIER;
        return mixed ^ mixed >>> 32;
    }
}
