package io.weir.picker.prefix;

/**
 * A running hash over tokens. What it is after some tokens does not depend on how they are cut into
 * blocks, so prompts can be compared with blocks of any size.
 */
final class TokenHash {

    private static final long MULTIPLIER = 0x9E37_79B9_7F4A_7C15L;
    private static final long ROOT = 0x5851_F42D_4C95_7F2DL;
    private static final int SEPARATOR = -1;

    private TokenHash() {}

    /**
     * Returns the hash before the first token.
     *
     * @param adapter LoRA adapter; empty for the base model
     */
    static long root(String adapter) {
        return mixedIn(ROOT, adapter);
    }

    /** Returns the hash after something else than a token that keeps sequences apart. */
    static long mixedIn(long hash, String text) {
        long mixed = hash;
        for (int i = 0; i < text.length(); i++) {
            mixed = next(mixed, text.charAt(i));
        }
        return text.isEmpty() ? hash : next(mixed, SEPARATOR);
    }

    /** Returns the hash after one more token. */
    static long next(long hash, int token) {
        long mixed = (hash ^ (token & 0xffff_ffffL)) * MULTIPLIER;
        return mixed ^ (mixed >>> 29);
    }
}
