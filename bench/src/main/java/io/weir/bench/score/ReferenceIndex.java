package io.weir.bench.score;

import io.weir.picker.Endpoint;
import io.weir.picker.PickRequest;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which blocks of prompts were sent where, as the llm-d router's approximate index has it: chained
 * hashes of blocks of 64 tokens, a partial one at the end included, of which no more than 131,072
 * tokens count; four bytes stand for one token. Of every server it remembers the blocks that were
 * sent last, as many as the server says its cache has. It hears of prompts only, never of answers.
 *
 * <p>A prompt's end is entered before its begin, so that the begin is forgotten last. The released
 * router enters the begin first, which its next release does no more. Not thread-safe.
 */
final class ReferenceIndex {

    private static final int BLOCK_BYTES = 64 * 4;
    private static final int MOST_BLOCKS = 131_072 / 64;
    private static final int ASSUMED_CAPACITY = 31_250;

    private final Map<Endpoint, LinkedHashSet<Long>> sent = new HashMap<>();

    /** Returns the hashes of a prompt's blocks. */
    static long[] blocks(PickRequest request) {
        List<ByteBuffer> prompt = request.prompt();
        long bytes = prompt.stream().mapToLong(ByteBuffer::remaining).sum();
        long[] hashes = new long[(int) Math.min(Math.ceilDiv(bytes, BLOCK_BYTES), MOST_BLOCKS)];
        long chain = hash(request.model());
        int filled = 0;
        int block = 0;
        for (ByteBuffer buffer : prompt) {
            for (int i = buffer.position(); i < buffer.limit() && block < hashes.length; i++) {
                chain = chain * 31 + buffer.get(i);
                if (++filled == BLOCK_BYTES) {
                    chain = Text.mix(chain);
                    hashes[block++] = chain;
                    filled = 0;
                }
            }
        }
        if (block < hashes.length) {
            hashes[block] = Text.mix(chain);
        }
        return hashes;
    }

    private static long hash(@Nullable String model) {
        return model == null ? 0 : Text.mix(model.hashCode());
    }

    /**
     * Counts the blocks that servers hold, from the first one up to one that none of them holds.
     *
     * @param endpoints the servers
     * @param matched takes one number for each of them
     */
    void match(long[] blocks, List<Endpoint> endpoints, double[] matched) {
        List<Set<Long>> held = endpoints.stream().map(this::heldBy).toList();
        for (int i = 0; i < held.size(); i++) {
            matched[i] = 0;
        }
        boolean isHeld = true;
        for (int block = 0; isHeld && block < blocks.length; block++) {
            isHeld = false;
            Long hash = blocks[block];
            for (int i = 0; i < held.size(); i++) {
                if (held.get(i).contains(hash)) {
                    matched[i]++;
                    isHeld = true;
                }
            }
        }
    }

    private Set<Long> heldBy(Endpoint endpoint) {
        LinkedHashSet<Long> held = sent.get(endpoint);
        return held == null ? Set.of() : held;
    }

    /**
     * Notes that a prompt goes to a server.
     *
     * @param kvBlocks blocks that the server says its cache has; 0 when it does not say
     */
    void enter(long[] blocks, Endpoint endpoint, int kvBlocks) {
        LinkedHashSet<Long> held = sent.computeIfAbsent(endpoint, _ -> new LinkedHashSet<>());
        for (int i = blocks.length - 1; i >= 0; i--) {
            held.addLast(blocks[i]);
        }
        int capacity = kvBlocks > 0 ? kvBlocks : ASSUMED_CAPACITY;
        while (held.size() > capacity) {
            held.removeFirst();
        }
    }
}
