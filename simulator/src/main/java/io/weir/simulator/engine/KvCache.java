package io.weir.simulator.engine;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * Blocks of keys and values. A block in use is referenced by its sequences. A block that nobody
 * references keeps its content and waits in a queue, least recently used first, to be found again
 * by its hash or to be given to somebody else.
 *
 * <p>Blocks come into being when they are first needed, so that an idle cache costs nothing.
 */
final class KvCache {

    /** One block; hashed when it is full and may be found by others. */
    static final class Block {
        private long hash;
        private boolean hashed;
        private int references;
        private @Nullable Block previous;
        private @Nullable Block next;
    }

    private final int capacity;
    private final int blockTokens;
    private final boolean prefixCaching;
    private final BlockMap byHash = new BlockMap();
    private final Block queue = new Block();
    private Block[] found = new Block[64];
    private CacheListener listener = CacheListener.NONE;
    private int created;
    private int queued;

    KvCache(int capacity, int blockTokens, boolean prefixCaching) {
        this.capacity = capacity;
        this.blockTokens = blockTokens;
        this.prefixCaching = prefixCaching;
        queue.previous = queue;
        queue.next = queue;
    }

    void listenTo(CacheListener newListener) {
        listener = newListener;
    }

    /** Returns the share of blocks in use, 0..1. */
    double usage() {
        return (double) usedBlocks() / capacity;
    }

    /** Returns how many tokens of a prefix are in the cache, up to a maximum. */
    int cachedTokens(long[] hashes, int maxTokens) {
        return cachedBlocks(hashes, maxTokens / blockTokens) * blockTokens;
    }

    private int usedBlocks() {
        return created - queued;
    }

    /** Returns how many blocks nobody uses. */
    int freeBlocks() {
        return capacity - usedBlocks();
    }

    /**
     * Gives a sequence without blocks the cached blocks of its prefix and new ones for further
     * tokens, or nothing.
     *
     * @param maxCachedTokens how much of the prefix may come from the cache
     * @param chunkTokens how many tokens beyond the cached ones need room at most
     * @param totalTokens how many tokens need room at most
     * @return the cached tokens, or -1 when there is no room
     */
    int admit(EngineTask task, int maxCachedTokens, int chunkTokens, int totalTokens) {
        int cached = find(task.request.blockHashes(), maxCachedTokens / blockTokens);
        int tokens = (int) Math.min(totalTokens, (long) cached * blockTokens + chunkTokens);
        int fresh = blocksFor(tokens) - cached;
        if (freeBlocks() - unreferenced(cached) < fresh) {
            return -1;
        }
        for (int i = 0; i < cached; i++) {
            task.blocks.add(reference(found[i]));
        }
        task.publishedBlocks = cached;
        extend(task, tokens);
        return cached * blockTokens;
    }

    /** Makes room for a sequence's first tokens; false when there is none, then nothing changed. */
    boolean extend(EngineTask task, int tokens) {
        int needed = blocksFor(tokens);
        int had = task.blocks.size();
        if (needed - had > freeBlocks()) {
            return false;
        }
        while (task.blocks.size() < needed) {
            task.blocks.add(take());
        }
        return true;
    }

    /** Lets others find the full blocks of a sequence's first tokens. */
    void publish(EngineTask task, int tokens) {
        if (!prefixCaching) {
            return;
        }
        long[] hashes = task.request.blockHashes();
        int full = Math.min(tokens / blockTokens, hashes.length);
        int firstNew = task.publishedBlocks;
        for (; task.publishedBlocks < full; task.publishedBlocks++) {
            Block block = task.blocks.get(task.publishedBlocks);
            long hash = hashes[task.publishedBlocks];
            if (byHash.add(block, hash)) {
                block.hashed = true;
                block.hash = hash;
            } else {
                tellStored(task, firstNew, task.publishedBlocks);
                firstNew = task.publishedBlocks + 1;
            }
        }
        tellStored(task, firstNew, full);
    }

    private void tellStored(EngineTask task, int first, int end) {
        if (first < end) {
            listener.stored(task.request, first, end);
        }
    }

    /** Takes a sequence's blocks away; the tail is given to others first. */
    void release(EngineTask task) {
        List<Block> blocks = task.blocks;
        for (int i = blocks.size() - 1; i >= 0; i--) {
            Block block = blocks.get(i);
            block.references--;
            if (block.references == 0) {
                enqueue(block);
            }
        }
        blocks.clear();
        task.publishedBlocks = 0;
    }

    /** Forgets the content of all blocks that are not in use. */
    void forget() {
        boolean isAll = usedBlocks() == 0;
        for (Block block = next(queue); block != queue; block = next(block)) {
            if (unpublish(block) && !isAll) {
                listener.removed(block.hash);
            }
        }
        if (isAll) {
            listener.cleared();
        }
    }

    private int blocksFor(int tokens) {
        return Math.ceilDiv(tokens, blockTokens);
    }

    private int cachedBlocks(long[] hashes, int max) {
        int limit = prefixCaching ? Math.min(max, hashes.length) : 0;
        int count = 0;
        while (count < limit && byHash.has(hashes[count])) {
            count++;
        }
        return count;
    }

    /** Puts the cached blocks of a prefix into {@code found} and returns how many there are. */
    private int find(long[] hashes, int max) {
        int limit = prefixCaching ? Math.min(max, hashes.length) : 0;
        if (found.length < limit) {
            found = new Block[2 * limit];
        }
        for (int i = 0; i < limit; i++) {
            Block block = byHash.get(hashes[i]);
            if (block == null) {
                return i;
            }
            found[i] = block;
        }
        return limit;
    }

    private int unreferenced(int count) {
        int unreferenced = 0;
        for (int i = 0; i < count; i++) {
            unreferenced += found[i].references == 0 ? 1 : 0;
        }
        return unreferenced;
    }

    private Block reference(Block block) {
        if (block.references == 0) {
            dequeue(block);
        }
        block.references++;
        return block;
    }

    private Block take() {
        if (created < capacity) {
            created++;
            Block block = new Block();
            block.references = 1;
            return block;
        }
        Block block = next(queue);
        if (unpublish(block)) {
            listener.removed(block.hash);
        }
        return reference(block);
    }

    /** Returns whether the block could be found until now. */
    private boolean unpublish(Block block) {
        if (!block.hashed) {
            return false;
        }
        block.hashed = false;
        byHash.remove(block.hash);
        return true;
    }

    private void enqueue(Block block) {
        Block last = previous(queue);
        last.next = block;
        block.previous = last;
        block.next = queue;
        queue.previous = block;
        queued++;
    }

    private void dequeue(Block block) {
        Block before = previous(block);
        Block after = next(block);
        before.next = after;
        after.previous = before;
        block.previous = null;
        block.next = null;
        queued--;
    }

    private static Block next(Block block) {
        if (block.next == null) {
            throw new IllegalStateException("not queued");
        }
        return block.next;
    }

    private static Block previous(Block block) {
        if (block.previous == null) {
            throw new IllegalStateException("not queued");
        }
        return block.previous;
    }
}
