package io.weir.picker.events;

import io.weir.picker.prefix.PrefixTable;

/**
 * Moves an endpoint's index of texts along with its server's cache. Owned by one thread.
 *
 * <p>The index ages by the blocks that the server works out anew. Of those it knows the prompts
 * that this process sent; events add the answers and what others sent, and say when all is lost.
 */
final class CacheTurnover {

    private final PrefixTable index;
    private final int blockTokens;
    private long tokensLeft;
    private long surplusTokens;
    private int serverBlockTokens = 16;

    CacheTurnover(PrefixTable index, int blockTokens) {
        this.index = index;
        this.blockTokens = blockTokens;
    }

    /** Blocks came. */
    void stored(long tokens, int tokensInBlock) {
        serverBlockTokens = tokensInBlock;
        surplusTokens += tokens;
        advance(tokens);
    }

    /**
     * A block went. What goes because something came has been counted; what goes beyond has not.
     */
    void removed() {
        surplusTokens -= serverBlockTokens;
        if (surplusTokens < 0) {
            advance(-surplusTokens);
            surplusTokens = 0;
        }
    }

    /** All is lost. */
    void cleared() {
        index.clear();
        surplusTokens = 0;
    }

    private void advance(long tokens) {
        tokensLeft += tokens;
        index.stored((int) Math.min(Integer.MAX_VALUE, tokensLeft / blockTokens));
        tokensLeft %= blockTokens;
    }
}
