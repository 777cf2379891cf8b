package io.weir.picker.events;

import io.weir.picker.prefix.PrefixTable;

/**
 * Moves an endpoint's prefix index along with its server's cache. Owned by one thread.
 *
 * <p>The index ages by the blocks that the server works out anew. Of those it knows the prompts
 * that this process sent; events add the answers and what others sent, and say when all is lost.
 */
final class CacheTurnover {

    private final PrefixTable index;
    private final int blockTokens;
    private long lastSequence = -1;
    private long tokensLeft;
    private long surplusTokens;
    private int serverBlockTokens = 16;

    CacheTurnover(PrefixTable index, int blockTokens) {
        this.index = index;
        this.blockTokens = blockTokens;
    }

    /** Notes the number of a message. Numbers that begin anew are those of another process. */
    void sequence(long number) {
        if (number < lastSequence) {
            index.clear();
            surplusTokens = 0;
        }
        lastSequence = number;
    }

    /** Says how many tokens the server has in a block. */
    void serverBlockTokens(int tokens) {
        serverBlockTokens = tokens > 0 ? tokens : serverBlockTokens;
    }

    void apply(KvEvent event) {
        switch (event) {
            case KvEvent.Stored(long tokens) -> {
                surplusTokens += tokens;
                advance(tokens);
            }
            case KvEvent.Removed(int blocks) -> removed((long) blocks * serverBlockTokens);
            case KvEvent.Cleared() -> {
                index.clear();
                surplusTokens = 0;
            }
        }
    }

    /** What goes because something came has been counted; what goes beyond that has not. */
    private void removed(long tokens) {
        surplusTokens -= tokens;
        if (surplusTokens < 0) {
            advance(-surplusTokens);
            surplusTokens = 0;
        }
    }

    private void advance(long tokens) {
        tokensLeft += tokens;
        index.stored((int) Math.min(Integer.MAX_VALUE, tokensLeft / blockTokens));
        tokensLeft %= blockTokens;
    }
}
