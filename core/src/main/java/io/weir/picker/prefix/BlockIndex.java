package io.weir.picker.prefix;

import java.util.List;

/**
 * The blocks of tokens that one endpoint's server says it holds.
 *
 * <p>A server names a block by a hash of its own, and says which tokens are in it and which block
 * comes before. From that the hash over all tokens up to the block's end follows, which is what
 * prompts are looked up by.
 *
 * <p>One thread writes, those of picks read without locks. {@link #forget} may be called by any.
 */
public final class BlockIndex extends HashKnower {

    /** Bytes that the indexes of one pool may take together, beyond a few KiB each. */
    public static final long POOL_BYTES = 256L << 20;

    /** At most: 24 bytes in a table that is half full, and 8 in another one. */
    private static final int BYTES_PER_BLOCK = 2 * (24 + 8);

    private static final int LEAST_BLOCKS = 512;

    private final HashSet64 held = new HashSet64();
    private final SentBlocks sent = new SentBlocks();
    private volatile int maxBlocks = LEAST_BLOCKS;
    private volatile int blockTokens;
    private volatile boolean told;
    private volatile boolean complete;
    private volatile boolean forgotten;
    private volatile int size;

    /** Owned by the writer. */
    private final ServerBlocks blocks = new ServerBlocks();

    /**
     * Limits the memory; a larger index shrinks with the next block.
     *
     * @param bytes most bytes; 512 blocks are kept at least
     */
    public void limit(long bytes) {
        maxBlocks = Math.clamp(bytes / BYTES_PER_BLOCK, LEAST_BLOCKS, 1 << 26);
    }

    /** Forgets everything: the server is gone. For any thread. */
    public void forget() {
        forgotten = true;
    }

    /** Returns whether {@link #forget} was called since the last {@link #clear}. */
    public boolean isForgotten() {
        return forgotten;
    }

    /** Says whether the server tells what it holds; by the writer. */
    public void told(boolean tells) {
        if (told != tells) {
            told = tells;
        }
    }

    /** Says whether all that the server told was heard; by the writer. */
    public void complete(boolean isAll) {
        if (complete != isAll) {
            complete = isAll;
        }
    }

    /** Returns whether the server tells what it holds. */
    public boolean isTold() {
        return told;
    }

    /** Returns whether all that the server told was heard, so that what is not here is nowhere. */
    public boolean isComplete() {
        return complete && !forgotten;
    }

    /** Returns the tokens in a block of the server; 0 when it is not known yet. */
    public int blockTokens() {
        return blockTokens;
    }

    /** Returns the number of blocks. */
    public int size() {
        return forgotten ? 0 : size;
    }

    /**
     * Returns how many of a prompt's places, from its begin, the server holds, or will hold because
     * they were sent to it less than 2 s ago.
     *
     * @param guess a likely answer, such as that of the endpoint asked before; any number will do
     */
    public int match(TokenChain prompt, int guess, long nowNanos) {
        int ofServer = blockTokens;
        if (ofServer == 0 || prompt.blockTokens() % ofServer != 0 || forgotten) {
            return 0;
        }
        return known(prompt, guess, nowNanos);
    }

    @Override
    boolean knows(long hash, long nowNanos) {
        return held.has(hash) || sent.has(hash, nowNanos);
    }

    /** Notes that a prompt is sent to the server. For any thread. */
    public void sent(TokenChain prompt, long nowNanos) {
        sent.add(prompt, nowNanos);
    }

    /** Forgets all blocks; by the writer. */
    public void clear() {
        sent.clear();
        blocks.clear();
        held.clear();
        size = 0;
        forgotten = false;
    }

    /**
     * Adds blocks that follow one another; by the writer.
     *
     * @return how many are known now; fewer than there are when the block before them is not known
     *     or there is no room
     */
    public int stored(StoredBlocks event) {
        blockTokens = event.blockTokens();
        int parent = event.hasParent() ? blocks.find(event.parent()) : ServerBlocks.NONE;
        if (event.hasParent() && parent == ServerBlocks.NONE) {
            return 0;
        }
        long hash = event.hasParent() ? blocks.hash(parent) : TokenHash.root(event.adapter());
        int depth = event.hasParent() ? blocks.depth(parent) : 0;
        int added = 0;
        for (; added < event.count(); added++) {
            depth++;
            hash = hash(event, added, hash);
            if (!add(event.hash(added), hash, depth)) {
                break;
            }
        }
        size = blocks.size();
        return added;
    }

    private static long hash(StoredBlocks event, int block, long before) {
        long hash = before;
        List<String> extra = event.extra(block);
        for (int i = 0; i < extra.size(); i++) {
            hash = TokenHash.mixedIn(hash, extra.get(i));
        }
        int end = (block + 1) * event.blockTokens();
        for (int i = block * event.blockTokens(); i < end; i++) {
            hash = TokenHash.next(hash, event.token(i));
        }
        return hash;
    }

    private boolean add(long key, long hash, int depth) {
        int present = blocks.find(key);
        if (present != ServerBlocks.NONE) {
            blocks.addCopy(present);
            return true;
        }
        while (blocks.size() >= maxBlocks) {
            int spared = blocks.leastUseful();
            if (blocks.size() == maxBlocks && blocks.depth(spared) < depth) {
                return false;
            }
            held.remove(blocks.hash(spared));
            blocks.remove(spared);
        }
        blocks.add(key, hash, depth);
        held.add(hash);
        return true;
    }

    /**
     * Takes a block out; by the writer.
     *
     * @return whether it was there
     */
    public boolean removed(long key) {
        int place = blocks.find(key);
        if (place == ServerBlocks.NONE) {
            return false;
        }
        long hash = blocks.hash(place);
        if (blocks.removeCopy(place) == 0) {
            held.remove(hash);
            size = blocks.size();
        }
        return true;
    }
}
