package io.weir.routing;

import org.jspecify.annotations.Nullable;

import java.util.Comparator;
import java.util.Map;

/**
 * Finds the longest of many keys that a text begins (or ends) with, whole elements only: path
 * prefixes, whose elements are parted by {@code /}, and host suffixes, whose labels are parted by
 * dots. One pass over the text, no allocation.
 */
final class ElementIndex<V> {

    /*
     * A rolling hash is looked up wherever an element ends. Each entry knows the next shorter entry
     * that contains it, so that a reader which is not satisfied by the longest can go on.
     */
    private final char border;
    private final boolean backward;
    private final @Nullable Entry<V>[] slots;
    private final boolean empty;

    /** Indexes path prefixes, without their trailing slash: {@code ""} stands for {@code /}. */
    static <V> ElementIndex<V> ofPathPrefixes(Map<String, V> values) {
        return new ElementIndex<>('/', false, values);
    }

    /** Indexes host suffixes, without {@code *.}: at least one label must stand before them. */
    static <V> ElementIndex<V> ofHostSuffixes(Map<String, V> values) {
        return new ElementIndex<>('.', true, values);
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private ElementIndex(char border, boolean backward, Map<String, V> values) {
        this.border = border;
        this.backward = backward;
        this.empty = values.isEmpty();
        this.slots = new Entry[Integer.highestOneBit(Math.max(1, values.size())) * 4];
        values.entrySet().stream()
                .sorted(Comparator.comparingInt(value -> value.getKey().length()))
                .forEach(value -> add(value.getKey(), value.getValue()));
    }

    /** Returns the entry with the longest key, or null. */
    @Nullable Entry<V> longest(String text) {
        if (empty) {
            return null;
        }
        Entry<V> found = null;
        int hash = 0;
        int length = text.length();
        for (int i = 0; i < length; i++) {
            char next = text.charAt(backward ? length - 1 - i : i);
            if (next == border) {
                Entry<V> entry = find(hash, text, i);
                found = entry != null ? entry : found;
            }
            hash = 31 * hash + next;
        }
        // A whole path is a prefix of itself, but a host needs a label before its suffix.
        Entry<V> whole = backward ? null : find(hash, text, length);
        return whole != null ? whole : found;
    }

    private void add(String key, V value) {
        Entry<V> shorter = longest(backward ? border + key : key);
        int slot = slot(hash(key));
        while (slots[slot] != null) {
            slot = (slot + 1) & (slots.length - 1);
        }
        slots[slot] = new Entry<>(key, hash(key), value, shorter);
    }

    private int hash(String key) {
        int hash = 0;
        for (int i = 0; i < key.length(); i++) {
            hash = 31 * hash + key.charAt(backward ? key.length() - 1 - i : i);
        }
        return hash;
    }

    private @Nullable Entry<V> find(int hash, String text, int length) {
        int slot = slot(hash);
        for (Entry<V> entry = slots[slot]; entry != null; entry = slots[slot]) {
            if (entry.hash == hash && entry.key.length() == length && matches(entry.key, text)) {
                return entry;
            }
            slot = (slot + 1) & (slots.length - 1);
        }
        return null;
    }

    private boolean matches(String key, String text) {
        return backward ? text.endsWith(key) : text.startsWith(key);
    }

    private int slot(int hash) {
        // Keys that count up have hashes that count up: spread them.
        return ((hash * 0x9E3779B9) >>> 15) & (slots.length - 1);
    }

    /**
     * One key.
     *
     * @param key the key
     * @param hash its hash in the direction of the index
     * @param value its value
     * @param shorter the entry of the next shorter key that this one contains; null when none
     */
    record Entry<V>(String key, int hash, V value, @Nullable Entry<V> shorter) {}
}
