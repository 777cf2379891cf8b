package io.weir.simulator;

import java.util.Arrays;

/**
 * A stand-in for a real tokenizer: a token is a run of letters and digits, cut at eight characters
 * (real vocabularies hold few longer words), or one other character; a blank belongs to the word
 * after it. Deterministic and fast; counts come out near those of real ones for English text.
 */
final class Tokenizer {

    private static final int LONGEST = 8;
    private static final int FNV_OFFSET = 0x811c9dc5;
    private static final int FNV_PRIME = 0x01000193;

    private Tokenizer() {}

    /** Returns token numbers. */
    static int[] tokens(CharSequence text) {
        int[] tokens = new int[Math.max(8, text.length() / 4)];
        int count = 0;
        int length = text.length();
        for (int i = 0; i < length; ) {
            int end = end(text, i, length);
            if (count == tokens.length) {
                tokens = Arrays.copyOf(tokens, count * 2);
            }
            tokens[count++] = hash(text, i, end);
            i = end;
        }
        return Arrays.copyOf(tokens, count);
    }

    private static int end(CharSequence text, int start, int length) {
        int i = start;
        if (text.charAt(i) == ' ' && i + 1 < length && isWord(text.charAt(i + 1))) {
            i++;
        }
        if (!isWord(text.charAt(i))) {
            return i + 1;
        }
        int limit = Math.min(length, i + LONGEST);
        while (i < limit && isWord(text.charAt(i))) {
            i++;
        }
        return i;
    }

    private static boolean isWord(char c) {
        return Character.isLetterOrDigit(c);
    }

    private static int hash(CharSequence text, int start, int end) {
        int hash = FNV_OFFSET;
        for (int i = start; i < end; i++) {
            hash = (hash ^ text.charAt(i)) * FNV_PRIME;
        }
        return hash & Integer.MAX_VALUE;
    }
}
