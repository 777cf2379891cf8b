package io.weir.kubernetes.embedded.store;

import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.List;

/** What outlives the process. Called by one thread at a time. */
public interface Persistence extends AutoCloseable {

    /**
     * Something to be kept or dropped.
     *
     * @param key which object
     * @param version its resource version
     * @param json the object, whatever resource version it names; empty to drop it, which is fine
     *     for one that is not kept
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Write(Key key, long version, byte[] json) {}

    /** Takes what was kept. */
    @FunctionalInterface
    interface Visitor {
        void object(Key key, long version, ObjectNode object);
    }

    /**
     * Reads everything that was kept.
     *
     * @param visitor gets each object
     * @return a resource version that is at least as high as any that was ever given
     * @throws StorageException when it cannot be read
     */
    long load(Visitor visitor);

    /**
     * Keeps some changes, all or none. When this returns, the death of the process can't lose them.
     *
     * @param reservation resource version up to which versions may be given from now on; 0 when
     *     nothing changes in that
     * @throws StorageException when that was not possible; then nothing has changed
     */
    void write(List<Write> writes, long reservation);

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
            public long load(Visitor visitor) {
                return firstVersion;
            }

            @Override
            public void write(List<Write> writes, long reservation) {}

            @Override
            public void close() {}
        };
    }
}
