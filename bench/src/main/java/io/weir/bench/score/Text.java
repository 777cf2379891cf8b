package io.weir.bench.score;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * What texts look like: to a server, chained hashes of blocks of tokens; to a picker, bytes.
 *
 * <p>Tokens are 3.25 to 5 bytes long, depending on the text, so that who takes four bytes for a
 * token is wrong by as much as with real text.
 */
final class Text {

    private static final long GOLDEN = 0x9E3779B97F4A7C15L;
    private static final double SHORTEST_TOKEN_BYTES = 3.25;
    private static final double TOKEN_BYTES_STEP = 0.25;

    private ByteBuffer buffer = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN);

    /** Returns the hashes of the full blocks of a text. */
    static long[] hashes(List<Segment> text, int blockTokens) {
        long[] hashes = new long[tokens(text) / blockTokens];
        long chain = 0;
        int filled = 0;
        int block = 0;
        for (Segment segment : text) {
            for (int offset = 0; offset < segment.tokens(); ) {
                int taken = Math.min(blockTokens - filled, segment.tokens() - offset);
                chain = mix(chain ^ mix(segment.content() + GOLDEN * (64L * offset + taken)));
                offset += taken;
                filled += taken;
                if (filled == blockTokens) {
                    hashes[block++] = chain;
                    filled = 0;
                }
            }
        }
        return hashes;
    }

    static int tokens(List<Segment> text) {
        int tokens = 0;
        for (Segment segment : text) {
            tokens += segment.tokens();
        }
        return tokens;
    }

    /** Returns the length of a text in bytes. */
    static int bytes(List<Segment> text) {
        int bytes = 0;
        for (Segment segment : text) {
            bytes += Long.BYTES * words(segment);
        }
        return bytes;
    }

    /** Returns the bytes of a text, valid until the next call. */
    ByteBuffer render(List<Segment> text) {
        int bytes = bytes(text);
        if (buffer.capacity() < bytes) {
            buffer = ByteBuffer.allocate(2 * bytes).order(ByteOrder.LITTLE_ENDIAN);
        }
        buffer.clear();
        for (Segment segment : text) {
            long word = mix(segment.content());
            for (int i = words(segment); i > 0; i--) {
                word += GOLDEN;
                buffer.putLong(word ^ (word >>> 29));
            }
        }
        return buffer.flip();
    }

    private static int words(Segment segment) {
        long eighth = mix(segment.content()) & 7;
        double bytes = segment.tokens() * (SHORTEST_TOKEN_BYTES + TOKEN_BYTES_STEP * eighth);
        return Math.max(1, (int) Math.round(bytes / Long.BYTES));
    }

    /** Returns well-mixed bits of a number: the finaliser of SplitMix64. */
    static long mix(long value) {
        long z = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
