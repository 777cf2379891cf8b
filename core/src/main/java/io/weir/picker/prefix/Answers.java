package io.weir.picker.prefix;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * How many tokens followed the prompts of a pool on their servers: a server's cache holds its
 * answer behind the prompt, and of a conversation that goes on most of what is new to the gateway
 * is just that.
 *
 * <p>Thread-safe and lock-free. A prompt is known by the hash at its last place and has one slot: a
 * later one that falls on the same slot replaces it. A slot holds the upper half of the hash, which
 * chooses the slot as well, 12 bits of the server's hash and the tokens. A prompt that several
 * servers answered is remembered with the last of them. Whether the prompt itself is still held is
 * for the server's {@link PrefixTable} to say.
 */
public final class Answers {

    /** Prompts that are remembered at most, 8 bytes each. */
    static final int SLOTS = 1 << 14;

    private static final int TOKENS_BITS = 20;
    private static final long MOST_TOKENS = (1L << TOKENS_BITS) - 1;
    private static final int SERVER_MASK = 0xFFF;
    private static final long HASH_MASK = 0xFFFF_FFFF_0000_0000L;
    private static final long NOTHING = 0;

    private volatile @Nullable AtomicLongArray slots;

    /**
     * Returns a prompt's end: what it is known by, and the tokens behind its last place.
     *
     * @param hash hash at the last place
     */
    public static long end(long hash, long tokensBehind) {
        return (hash & HASH_MASK) | Math.clamp(tokensBehind, 0, MOST_TOKENS);
    }

    /**
     * Notes that a prompt was answered.
     *
     * @param end as {@link #end} returned it; 0 when the prompt is not known by any place
     * @param server hash of who answered
     * @param tokens of the answer
     */
    public void note(long end, int server, long tokens) {
        if ((end & HASH_MASK) == 0 || tokens <= 0) {
            return;
        }
        AtomicLongArray table = slots;
        if (table == null) {
            table = new AtomicLongArray(SLOTS);
            slots = table;
        }
        long behind = Math.min((end & MOST_TOKENS) + tokens, MOST_TOKENS);
        long by = (long) (server & SERVER_MASK) << TOKENS_BITS;
        table.setOpaque(place(end), (end & HASH_MASK) | by | behind);
    }

    /** Returns what is known of the text behind a place, for {@link #tokens}. */
    public long after(long hash) {
        AtomicLongArray table = slots;
        if (table == null) {
            return NOTHING;
        }
        long slot = table.getOpaque(place(hash));
        return ((slot ^ hash) & HASH_MASK) == 0 ? slot : NOTHING;
    }

    /** Returns the tokens that a server holds behind a place. */
    public static long tokens(long after, int server) {
        boolean isHis = (after >>> TOKENS_BITS & SERVER_MASK) == (server & SERVER_MASK);
        return isHis ? after & MOST_TOKENS : 0;
    }

    private static int place(long hash) {
        return (int) (hash >>> 32) & (SLOTS - 1);
    }
}
