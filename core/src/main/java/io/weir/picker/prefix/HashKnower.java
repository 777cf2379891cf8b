package io.weir.picker.prefix;

/**
 * Somebody who knows hashes of prompts, and of each prompt those up to some place.
 *
 * <p>That place is found by halves. Most endpoints of a pool know a prompt as far as the one that
 * was asked before: its answer and the place behind it are tried first, and then three probes do.
 */
abstract sealed class HashKnower permits PrefixTable, BlockIndex {

    /**
     * Returns whether a hash is known.
     *
     * @param when what was passed to {@link #known}
     */
    abstract boolean knows(long hash, long when);

    /**
     * Returns how many of a prompt's hashes, from its begin, are known.
     *
     * @param guess a likely answer; any number will do
     * @param when passed on with every question
     */
    final int known(HashChain prompt, int guess, long when) {
        if (prompt.size() == 0 || !knows(prompt.hash(0), when)) {
            return 0;
        }
        int known = 1;
        int unknown = prompt.size() + 1;
        int next = guess == 1 ? 2 : guess;
        while (known + 1 < unknown) {
            int probe = next > known && next < unknown ? next : (known + unknown) >>> 1;
            if (knows(prompt.hash(probe - 1), when)) {
                known = probe;
                next = probe == guess ? guess + 1 : 0;
            } else {
                unknown = probe;
                next = 0;
            }
        }
        return known;
    }
}
