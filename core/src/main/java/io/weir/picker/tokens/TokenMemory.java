package io.weir.picker.tokens;

import io.weir.picker.prefix.TokenChain;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Remembers the answers to some thousand questions, of 9 KB each at most. A new one replaces an old
 * one of its set. Thread-safe and lock-free.
 */
final class TokenMemory {

    private static final int SETS = 1024;
    private static final int SET = 4;

    private final AtomicReferenceArray<@Nullable Entry> entries =
            new AtomicReferenceArray<>(SETS * SET);
    private final AtomicInteger turn = new AtomicInteger();

    private record Entry(TokenQuestion.Key key, TokenChain tokens) {}

    @Nullable TokenChain get(TokenQuestion.Key key) {
        int first = first(key);
        for (int i = 0; i < SET; i++) {
            Entry entry = entries.get(first + i);
            if (entry != null && entry.key.equals(key)) {
                return entry.tokens;
            }
        }
        return null;
    }

    void put(TokenQuestion.Key key, TokenChain tokens) {
        int first = first(key);
        int place = first + (turn.getAndIncrement() & (SET - 1));
        for (int i = 0; i < SET; i++) {
            Entry entry = entries.get(first + i);
            if (entry == null || entry.key.equals(key)) {
                place = first + i;
                break;
            }
        }
        entries.set(place, new Entry(key, tokens));
    }

    private static int first(TokenQuestion.Key key) {
        return (int) (key.hash() & (SETS - 1)) * SET;
    }
}
