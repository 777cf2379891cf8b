package io.weir.body;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/** Finds what an ASCII key means by its bytes, without making a string of them. Immutable. */
final class KeyTable<T> {

    /** A key that means something; its index is unique in the table. */
    record Entry<T>(String key, T meaning, int index) {

        private boolean matches(byte[] bytes, int from) {
            for (int i = 0; i < key.length(); i++) {
                if (bytes[from + i] != key.charAt(i)) {
                    return false;
                }
            }
            return true;
        }
    }

    private final List<List<Entry<T>>> byLength;

    private KeyTable(List<List<Entry<T>>> byLength) {
        this.byLength = byLength;
    }

    static <T> Builder<T> builder() {
        return new Builder<>();
    }

    /** Returns the length of the longest key in bytes. */
    int longest() {
        return byLength.size() - 1;
    }

    /** Returns the entry of a key; null when the key isn't in the table. */
    @Nullable Entry<T> find(byte[] bytes, int from, int length) {
        if (length >= byLength.size()) {
            return null;
        }
        List<Entry<T>> candidates = byLength.get(length);
        for (int i = 0; i < candidates.size(); i++) {
            Entry<T> entry = candidates.get(i);
            if (entry.matches(bytes, from)) {
                return entry;
            }
        }
        return null;
    }

    /** Collects the keys of a table. */
    static final class Builder<T> {

        private final List<List<Entry<T>>> byLength = new ArrayList<>();
        private int size;

        Builder<T> put(T meaning, String... keys) {
            for (String key : keys) {
                while (byLength.size() <= key.length()) {
                    byLength.add(new ArrayList<>());
                }
                byLength.get(key.length()).add(new Entry<>(key, meaning, size++));
            }
            return this;
        }

        KeyTable<T> build() {
            return new KeyTable<>(byLength.stream().map(List::copyOf).toList());
        }
    }
}
