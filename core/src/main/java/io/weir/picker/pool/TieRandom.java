package io.weir.picker.pool;

import java.util.random.RandomGenerator;

/**
 * The numbers of a {@link java.util.SplittableRandom} of the same seed, where a number that nobody
 * looks at costs one addition: a pick among a thousand endpoints has to break only a few ties, and
 * the numbers of the others are passed over. Owned by one thread at a time.
 *
 * @see <a href="https://doi.org/10.1145/2660193.2660195">Steele, Lea and Flood: Fast splittable
 *     pseudorandom number generators</a>
 */
final class TieRandom implements RandomGenerator {

    private static final long STEP = 0x9e3779b97f4a7c15L;

    private long state;

    TieRandom(long seed) {
        state = seed;
    }

    /** Passes over a number. */
    void skipLong() {
        state += STEP;
    }

    @Override
    public long nextLong() {
        state += STEP;
        long z = (state ^ (state >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
