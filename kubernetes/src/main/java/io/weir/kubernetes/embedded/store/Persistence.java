package io.weir.kubernetes.embedded.store;

import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.function.BiConsumer;

/** What outlives the process. Called by one thread at a time. */
public interface Persistence extends AutoCloseable {

    /**
     * Reads everything that was kept.
     *
     * @param each gets each object
     * @return a resource version that is at least as high as any that was ever given
     * @throws StorageException when it cannot be read
     */
    long load(BiConsumer<Key, ObjectNode> each);

    /**
     * Keeps an object. When this returns, the death of the process can't lose it.
     *
     * @throws StorageException when that was not possible; then nothing has changed
     */
    void put(Key key, ObjectNode object);

    /**
     * Drops an object; dropping one that is not kept is fine.
     *
     * @throws StorageException when that was not possible; then nothing has changed
     */
    void remove(Key key);

    /**
     * Remembers that versions up to this one may have been given.
     *
     * @throws StorageException when that was not possible
     */
    void reserve(long version);

    @Override
    void close();

    /**
     * Keeps nothing.
     *
     * @param firstVersion where versions start; later than in earlier runs, so that clients which
     *     outlive this process notice
     */
    static Persistence none(long firstVersion) {
        return new Persistence() {

            @Override
            public long load(BiConsumer<Key, ObjectNode> each) {
                return firstVersion;
            }

            @Override
            public void put(Key key, ObjectNode object) {}

            @Override
            public void remove(Key key) {}

            @Override
            public void reserve(long version) {}

            @Override
            public void close() {}
        };
    }
}
