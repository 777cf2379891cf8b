package io.weir.collection;

import org.jspecify.annotations.Nullable;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * An immutable map. A changed map shares with the one before all but a path of a few small arrays,
 * so that a change costs the same in a large map as in a small one, and two maps that have much in
 * common are compared quickly.
 *
 * <p>Entries are in no particular order, which is the same for the same keys, whatever the order in
 * which they came, unless their hashes are equal. Methods of {@link Map} that change it throw.
 */
public final class PersistentMap<K, V> extends AbstractMap<K, V> {

    /*
     * A trie of 16-way nodes by the bits of the hash, the highest first. What hangs in a node is
     * another node (an array), a leaf, or nothing. Leaves of equal hashes form a chain. A node never
     * holds a single leaf and nothing else, so that the shape follows from the keys.
     */
    private static final int BITS = 4;
    private static final int WIDTH = 1 << BITS;
    private static final int TOP = Integer.SIZE - BITS;
    private static final PersistentMap<?, ?> EMPTY = new PersistentMap<>(null, 0);

    private final @Nullable Object root;
    private final int size;

    private PersistentMap(@Nullable Object root, int size) {
        this.root = root;
        this.size = size;
    }

    /** Returns a map without entries. */
    @SuppressWarnings("unchecked")
    public static <K, V> PersistentMap<K, V> empty() {
        return (PersistentMap<K, V>) EMPTY;
    }

    /** Returns a map with these entries. */
    public static <K, V> PersistentMap<K, V> copyOf(Map<K, V> entries) {
        PersistentMap<K, V> map = empty();
        for (Map.Entry<K, V> entry : entries.entrySet()) {
            map = map.with(entry.getKey(), entry.getValue());
        }
        return map;
    }

    /** Tells whether a key is the one that is meant. */
    @FunctionalInterface
    public interface KeyTest<K, C> {
        /**
         * Returns whether it is.
         *
         * @param context what was given to {@link #find}
         * @param number what was given to {@link #find}
         */
        boolean test(K key, C context, int number);
    }

    /** Takes what is different in two maps. */
    @FunctionalInterface
    public interface Difference<K, V> {
        /**
         * Called once for each key.
         *
         * @param before null when the key is new
         * @param now null when the key is gone
         */
        void accept(K key, @Nullable V before, @Nullable V now);
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public @Nullable V get(@Nullable Object key) {
        if (key == null) {
            return null;
        }
        for (Leaf<K, V> leaf = chain(key.hashCode()); leaf != null; leaf = leaf.next) {
            if (leaf.key.equals(key)) {
                return leaf.value;
            }
        }
        return null;
    }

    @Override
    public boolean containsKey(@Nullable Object key) {
        return get(key) != null;
    }

    /**
     * Finds the value of a key that is not at hand as an object.
     *
     * @param hash the key's hash code
     * @param test tells the key from others of the same hash
     * @param context for the test
     * @param number for the test
     */
    public <C> @Nullable V find(
            int hash, KeyTest<? super K, ? super C> test, C context, int number) {
        for (Leaf<K, V> leaf = chain(hash); leaf != null; leaf = leaf.next) {
            if (test.test(leaf.key, context, number)) {
                return leaf.value;
            }
        }
        return null;
    }

    /** Returns the leaves of a hash. */
    @SuppressWarnings("unchecked")
    private @Nullable Leaf<K, V> chain(int keyHash) {
        int hash = spread(keyHash);
        Object at = root;
        for (int shift = TOP; at instanceof Object[] node; shift -= BITS) {
            at = node[(hash >>> shift) & (WIDTH - 1)];
        }
        Leaf<K, V> leaf = (Leaf<K, V>) at;
        return leaf != null && leaf.hash == hash ? leaf : null;
    }

    /** Keys that count up have hashes that count up. */
    private static int spread(int hash) {
        return hash * 0x9E3779B9;
    }

    /** Returns this map with an entry, in place of the one of the same key. */
    @SuppressWarnings("ReferenceEquality")
    public PersistentMap<K, V> with(K key, V value) {
        V before = get(key);
        if (before == value) {
            return this;
        }
        Leaf<K, V> leaf = new Leaf<>(spread(key.hashCode()), key, value, null);
        return new PersistentMap<>(put(root, TOP, leaf), before == null ? size + 1 : size);
    }

    @SuppressWarnings("unchecked")
    private static <K, V> Object put(@Nullable Object at, int shift, Leaf<K, V> leaf) {
        if (at == null) {
            return leaf;
        }
        if (at instanceof Leaf<?, ?> old) {
            Leaf<K, V> chain = (Leaf<K, V>) old;
            if (chain.hash == leaf.hash) {
                return new Leaf<>(leaf.hash, leaf.key, leaf.value, without(chain, leaf.key));
            }
            Object[] node = new Object[WIDTH];
            node[index(chain.hash, shift)] = chain;
            return put(node, shift, leaf);
        }
        Object[] changed = ((Object[]) at).clone();
        int index = index(leaf.hash, shift);
        changed[index] = put(changed[index], shift - BITS, leaf);
        return changed;
    }

    /** Returns this map without the entry of a key. */
    public PersistentMap<K, V> without(K key) {
        return containsKey(key)
                ? new PersistentMap<>(remove(root, TOP, spread(key.hashCode()), key), size - 1)
                : this;
    }

    @SuppressWarnings("unchecked")
    private static <K, V> @Nullable Object remove(@Nullable Object at, int shift, int hash, K key) {
        if (!(at instanceof Object[] node)) {
            return at == null ? null : without((Leaf<K, V>) at, key);
        }
        @Nullable Object[] changed = node.clone();
        int index = index(hash, shift);
        changed[index] = PersistentMap.<K, V>remove(changed[index], shift - BITS, hash, key);
        return collapsed(changed);
    }

    private static Object collapsed(@Nullable Object[] node) {
        Object only = null;
        for (@Nullable Object child : node) {
            if (child instanceof Object[] || (child != null && only != null)) {
                return node;
            }
            only = child == null ? only : child;
        }
        return only == null ? node : only;
    }

    private static <K, V> @Nullable Leaf<K, V> without(@Nullable Leaf<K, V> chain, K key) {
        if (chain == null || chain.key.equals(key)) {
            return chain == null ? null : chain.next;
        }
        return new Leaf<>(chain.hash, chain.key, chain.value, without(chain.next, key));
    }

    private static int index(int hash, int shift) {
        return (hash >>> shift) & (WIDTH - 1);
    }

    /**
     * Tells what is different in another map. What both share is passed over.
     *
     * @param now the other map
     */
    public void differences(PersistentMap<K, V> now, Difference<K, V> difference) {
        compare(root, now.root, difference);
    }

    @SuppressWarnings({"unchecked", "ReferenceEquality"})
    private static <K, V> void compare(
            @Nullable Object before, @Nullable Object now, Difference<K, V> difference) {
        if (before == now) {
            return;
        }
        if (before instanceof Object[] a && now instanceof Object[] b) {
            for (int i = 0; i < WIDTH; i++) {
                compare(a[i], b[i], difference);
            }
            return;
        }
        PersistentMap<K, V> after = part(now);
        PersistentMap.<K, V>part(before)
                .forEachEntry((key, old) -> {
                    V value = after.inside(key);
                    if (value != old) {
                        difference.accept(key, old, value);
                    }
                });
        PersistentMap<K, V> earlier = part(before);
        after.forEachEntry((key, value) -> {
            if (earlier.inside(key) == null) {
                difference.accept(key, null, value);
            }
        });
    }

    /** What hangs somewhere, as a map of its own; not to be looked up by hash. */
    private static <K, V> PersistentMap<K, V> part(@Nullable Object at) {
        return new PersistentMap<>(at, 0);
    }

    /** Looks everywhere: parts that are compared so are small. */
    private @Nullable V inside(K key) {
        for (Iterator<Map.Entry<K, V>> entries = entries(); entries.hasNext(); ) {
            Map.Entry<K, V> entry = entries.next();
            if (entry.getKey().equals(key)) {
                return entry.getValue();
            }
        }
        return null;
    }

    private void forEachEntry(BiConsumer<K, V> consumer) {
        entries().forEachRemaining(entry -> consumer.accept(entry.getKey(), entry.getValue()));
    }

    @Override
    public Set<Map.Entry<K, V>> entrySet() {
        return new AbstractSet<>() {
            @Override
            public Iterator<Map.Entry<K, V>> iterator() {
                return entries();
            }

            @Override
            public int size() {
                return size;
            }
        };
    }

    private Iterator<Map.Entry<K, V>> entries() {
        return new Entries<>(root);
    }

    /** Walks over all leaves. */
    private static final class Entries<K, V> implements Iterator<Map.Entry<K, V>> {

        private final Deque<Object> open = new ArrayDeque<>();

        Entries(@Nullable Object root) {
            push(root);
        }

        private void push(@Nullable Object at) {
            if (at != null) {
                open.push(at);
            }
        }

        @Override
        public boolean hasNext() {
            return !open.isEmpty();
        }

        @Override
        @SuppressWarnings("unchecked")
        public Map.Entry<K, V> next() {
            if (open.isEmpty()) {
                throw new NoSuchElementException();
            }
            Object at = open.pop();
            while (at instanceof Object[] node) {
                for (int i = WIDTH - 1; i >= 0; i--) {
                    push(node[i]);
                }
                at = open.pop();
            }
            Leaf<K, V> leaf = (Leaf<K, V>) at;
            push(leaf.next);
            return Map.entry(leaf.key, leaf.value);
        }
    }

    private record Leaf<K, V>(int hash, K key, V value, @Nullable Leaf<K, V> next) {
        Leaf {
            Objects.requireNonNull(key);
            Objects.requireNonNull(value);
        }
    }
}
