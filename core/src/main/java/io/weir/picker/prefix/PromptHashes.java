package io.weir.picker.prefix;

import com.dynatrace.hash4j.hashing.ByteAccess;
import com.dynatrace.hash4j.hashing.HashStream64;
import com.dynatrace.hash4j.hashing.Hasher64;
import com.dynatrace.hash4j.hashing.Hashing;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;

/**
 * The chained hashes of one prompt. Reused from prompt to prompt; owned by one thread at a time.
 *
 * <p>Each hash is XXH3 over the hash before it and the XXH3 of the bytes since; the first one is
 * chained to the model's name, because a cache is of use to its own model only.
 */
public final class PromptHashes implements HashChain {

    private static final Hasher64 HASHER = Hashing.xxh3_64();
    private static final ByteAccess<ByteBuffer> BIG =
            ByteAccess.forByteBuffer(ByteOrder.BIG_ENDIAN);
    private static final ByteAccess<ByteBuffer> LITTLE =
            ByteAccess.forByteBuffer(ByteOrder.LITTLE_ENDIAN);
    private static final int FINE_BLOCKS = 128;
    private static final int FIRST_CAPACITY = 128;

    private final HashStream64 straddling = HASHER.hashStream();
    private long[] hashes = new long[FIRST_CAPACITY];
    private int[] ends = new int[FIRST_CAPACITY];
    private int size;
    private List<ByteBuffer> buffers = List.of();
    private int buffer;
    private int offset;

    /** Hashes a prompt. The buffers' positions and limits are left as they are. */
    public void compute(@Nullable String model, List<ByteBuffer> prompt, PrefixSettings settings) {
        buffers = prompt;
        buffer = 0;
        offset = 0;
        size = 0;
        long blocks = Math.min(length(prompt) / settings.blockBytes(), settings.maxBlocks());
        long hash = model == null ? 0 : HASHER.hashCharsToLong(model);
        int end = 0;
        for (int next = 1; next <= blocks; next = end + step(end)) {
            hash = HASHER.hashLongLongToLong(hash, span((next - end) * settings.blockBytes()));
            end = next;
            add(hash, end);
        }
        buffers = List.of();
    }

    /** Forgets the prompt. */
    public void clear() {
        size = 0;
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public long hash(int place) {
        return hashes[place];
    }

    /** Returns the blocks from the prompt's begin that the first {@code count} hashes cover. */
    public int blocks(int count) {
        return count == 0 ? 0 : ends[count - 1];
    }

    /** Returns the blocks that all hashes cover. */
    public int blocks() {
        return blocks(size);
    }

    /** Returns the blocks from one place to the next. */
    static int step(int end) {
        return end < FINE_BLOCKS ? 1 : Integer.highestOneBit(end) / (FINE_BLOCKS / 2);
    }

    private void add(long hash, int end) {
        if (size == hashes.length) {
            hashes = Arrays.copyOf(hashes, size * 2);
            ends = Arrays.copyOf(ends, size * 2);
        }
        hashes[size] = hash;
        ends[size++] = end;
    }

    /** Returns the hash of the next bytes and moves on. */
    private long span(int bytes) {
        ByteBuffer source = current();
        int left = source.remaining() - offset;
        if (left >= bytes) {
            long from = (long) source.position() + offset;
            offset += bytes;
            return source.hasArray()
                    ? HASHER.hashBytesToLong(
                            source.array(), source.arrayOffset() + (int) from, bytes)
                    : HASHER.hashBytesToLong(source, from, bytes, access(source));
        }
        return straddlingSpan(bytes);
    }

    private long straddlingSpan(int bytes) {
        straddling.reset();
        for (int wanted = bytes; wanted > 0; ) {
            ByteBuffer source = current();
            int taken = Math.min(wanted, source.remaining() - offset);
            straddling.putBytes(source, (long) source.position() + offset, taken, access(source));
            offset += taken;
            wanted -= taken;
        }
        return straddling.getAsLong();
    }

    /** Returns the buffer with the next byte. */
    private ByteBuffer current() {
        while (offset == buffers.get(buffer).remaining()) {
            buffer++;
            offset = 0;
        }
        return buffers.get(buffer);
    }

    private static ByteAccess<ByteBuffer> access(ByteBuffer source) {
        return source.order() == ByteOrder.LITTLE_ENDIAN ? LITTLE : BIG;
    }

    private static long length(List<ByteBuffer> prompt) {
        long bytes = 0;
        for (int i = 0; i < prompt.size(); i++) {
            bytes += prompt.get(i).remaining();
        }
        return bytes;
    }
}
