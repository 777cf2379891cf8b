package io.weir.routing;

import io.weir.collection.PersistentMap;
import io.weir.collection.PersistentMap.KeyTest;

import org.jspecify.annotations.Nullable;

/**
 * Finds the longest of many keys that a text begins (or ends) with, whole elements only: path
 * prefixes, whose elements are parted by {@code /}, and host suffixes, whose labels are parted by
 * dots. One pass over the text, no allocation. Immutable; a changed index shares with the one
 * before what is the same.
 */
final class ElementIndex<V> {

    /* A rolling hash is looked up wherever an element ends. */
    private static final KeyTest<Key, String> BEGINS =
            (key, text, length) -> key.text.length() == length && text.startsWith(key.text);
    private static final KeyTest<Key, String> ENDS =
            (key, text, length) -> key.text.length() == length && text.endsWith(key.text);

    private final char border;
    private final boolean backward;
    private final PersistentMap<Key, Entry<V>> entries;

    private ElementIndex(char border, boolean backward, PersistentMap<Key, Entry<V>> entries) {
        this.border = border;
        this.backward = backward;
        this.entries = entries;
    }

    /** Indexes path prefixes, without their trailing slash: {@code ""} stands for {@code /}. */
    static <V> ElementIndex<V> ofPathPrefixes() {
        return new ElementIndex<>('/', false, PersistentMap.empty());
    }

    /** Indexes host suffixes, without {@code *.}: at least one label must stand before them. */
    static <V> ElementIndex<V> ofHostSuffixes() {
        return new ElementIndex<>('.', true, PersistentMap.empty());
    }

    /** Returns the value of a key, or null. */
    @Nullable V get(String key) {
        Entry<V> entry = entries.get(new Key(key, hash(key)));
        return entry == null ? null : entry.value;
    }

    /** Returns this index with a value for a key; without the key when there is no value. */
    ElementIndex<V> with(String text, @Nullable V value) {
        Key key = new Key(text, hash(text));
        return new ElementIndex<>(
                border,
                backward,
                value == null ? entries.without(key) : entries.with(key, new Entry<>(text, value)));
    }

    boolean isEmpty() {
        return entries.isEmpty();
    }

    /** Returns the entry with the longest key, or null. */
    @Nullable Entry<V> longest(String text) {
        return entries.isEmpty() ? null : longest(text, text.length(), !backward);
    }

    /** Returns the entry with the longest key that is shorter than that of an entry, or null. */
    @Nullable Entry<V> shorter(String text, Entry<V> than) {
        return longest(text, than.key.length(), false);
    }

    /**
     * Returns the entry with the longest key among those that are shorter than a length, or just as
     * long.
     *
     * @param whole whether they may be just as long: a whole path is a prefix of itself, but a host
     *     needs a label before its suffix
     */
    private @Nullable Entry<V> longest(String text, int length, boolean whole) {
        Entry<V> found = null;
        int hash = 0;
        int last = text.length() - 1;
        for (int i = 0; i < length; i++) {
            char next = text.charAt(backward ? last - i : i);
            if (next == border) {
                Entry<V> entry = find(hash, text, i);
                found = entry != null ? entry : found;
            }
            hash = 31 * hash + next;
        }
        Entry<V> same = whole ? find(hash, text, length) : null;
        return same != null ? same : found;
    }

    private @Nullable Entry<V> find(int hash, String text, int length) {
        return entries.find(hash, backward ? ENDS : BEGINS, text, length);
    }

    private int hash(String key) {
        int hash = 0;
        for (int i = 0; i < key.length(); i++) {
            hash = 31 * hash + key.charAt(backward ? key.length() - 1 - i : i);
        }
        return hash;
    }

    /**
     * One key.
     *
     * @param key the key
     * @param value its value
     */
    record Entry<V>(String key, V value) {}

    private record Key(String text, int hash) {
        @Override
        public int hashCode() {
            return hash;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Key key && key.text.equals(text);
        }
    }
}
