package io.weir.simulator.engine;

import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;

/**
 * The KV cache: blocks of 16 tokens, shared by chained prefix hashes, least recently used first
 * out.
 *
 * <p>A block is either held by at least one sequence, or idle and kept for its contents until room
 * is needed. Blocks that are not full, and those of generated tokens, have no hash and are never
 * shared.
 */
final class KvCache {

    static final int BLOCK_TOKENS = 16;

    private final int capacityBlocks;
    private final Map<Long, Integer> holders = new HashMap<>();
    private final LinkedHashSet<Long> idle = new LinkedHashSet<>();
    private int ownBlocks;
    private long queriedTokens;
    private long hitTokens;

    KvCache(int capacityTokens) {
        capacityBlocks = capacityTokens / BLOCK_TOKENS;
    }

    static int blocksFor(int tokens) {
        return Math.ceilDiv(tokens, BLOCK_TOKENS);
    }

    int capacityBlocks() {
        return capacityBlocks;
    }

    /** Returns how many leading blocks of the prompt are here. */
    int matchingBlocks(long[] promptBlocks) {
        int matching = 0;
        while (matching < promptBlocks.length && contains(promptBlocks[matching])) {
            matching++;
        }
        return matching;
    }

    private boolean contains(long hash) {
        return holders.containsKey(hash) || idle.contains(hash);
    }

    /**
     * Takes the blocks for a sequence's first {@code tokens} tokens and notes what was cached.
     *
     * @return false when there is no room; nothing is taken then
     */
    boolean admit(Sequence sequence, int tokens) {
        int full = Math.min(sequence.promptBlocks.length, tokens / BLOCK_TOKENS);
        int matching = Math.min(full, matchingBlocks(sequence.promptBlocks));
        int idleMatching = 0;
        for (int i = 0; i < matching; i++) {
            idleMatching += idle.contains(sequence.promptBlocks[i]) ? 1 : 0;
        }
        int fresh = blocksFor(tokens) - matching;
        if (fresh > freeBlocks() + idle.size() - idleMatching) {
            return false;
        }
        for (int i = 0; i < matching; i++) {
            hold(sequence.promptBlocks[i]);
        }
        evictFor(fresh);
        for (int i = matching; i < full; i++) {
            hold(sequence.promptBlocks[i]);
        }
        sequence.sharedBlocks = full;
        sequence.ownBlocks = blocksFor(tokens) - full;
        ownBlocks += sequence.ownBlocks;
        // The last token is always computed, because its output is needed.
        sequence.computed = Math.min(matching * BLOCK_TOKENS, tokens - 1);
        queriedTokens += sequence.promptTokens;
        hitTokens += Math.min(sequence.computed, sequence.promptTokens);
        return true;
    }

    /** Takes one more block for generated tokens; false when there is no room. */
    boolean grow(Sequence sequence) {
        if (freeBlocks() + idle.size() < 1) {
            return false;
        }
        evictFor(1);
        sequence.ownBlocks++;
        ownBlocks++;
        return true;
    }

    /** Gives a sequence's blocks back; its prompt stays cached, the tail goes first. */
    void release(Sequence sequence) {
        for (int i = sequence.sharedBlocks - 1; i >= 0; i--) {
            drop(sequence.promptBlocks[i]);
        }
        ownBlocks -= sequence.ownBlocks;
        sequence.sharedBlocks = 0;
        sequence.ownBlocks = 0;
    }

    private void hold(long hash) {
        idle.remove(hash);
        holders.merge(hash, 1, Integer::sum);
    }

    private void drop(long hash) {
        Integer count = holders.get(hash);
        if (count == null) {
            return;
        }
        if (count > 1) {
            holders.put(hash, count - 1);
        } else {
            holders.remove(hash);
            idle.add(hash);
        }
    }

    private void evictFor(int blocks) {
        var oldest = idle.iterator();
        for (int missing = blocks - freeBlocks(); missing > 0 && oldest.hasNext(); missing--) {
            oldest.next();
            oldest.remove();
        }
    }

    private int freeBlocks() {
        return capacityBlocks - holders.size() - ownBlocks - idle.size();
    }

    /** Returns the share of blocks that sequences hold, 0..1. */
    double usage() {
        return capacityBlocks == 0 ? 0 : (double) (holders.size() + ownBlocks) / capacityBlocks;
    }

    long queriedTokens() {
        return queriedTokens;
    }

    long hitTokens() {
        return hitTokens;
    }

    /** Forgets what no sequence holds, as a restart would. */
    void clearIdle() {
        idle.clear();
    }

    /** Returns the chained hashes of the full blocks of a sequence of tokens. */
    static long[] blockHashes(int[] tokens, long seed) {
        long[] hashes = new long[tokens.length / BLOCK_TOKENS];
        long hash = seed;
        for (int i = 0; i < hashes.length; i++) {
            int[] block = Arrays.copyOfRange(tokens, i * BLOCK_TOKENS, (i + 1) * BLOCK_TOKENS);
            hash = mix(hash * 31 + Arrays.hashCode(block));
            hashes[i] = hash;
        }
        return hashes;
    }

    /** A finalizer that spreads close inputs over all 64 bits. */
    private static long mix(long value) {
        long mixed = (value ^ (value >>> 30)) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
        return mixed ^ (mixed >>> 31);
    }
}
