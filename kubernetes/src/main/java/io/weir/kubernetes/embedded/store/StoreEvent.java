package io.weir.kubernetes.embedded.store;

import org.jspecify.annotations.Nullable;

/**
 * One change.
 *
 * @param type what happened
 * @param stored the state after it; for a deletion the last state, with the version of the deletion
 * @param previous the state before it; null for a new object
 */
public record StoreEvent(Type type, Stored stored, @Nullable Stored previous) {

    /** What can happen to an object. */
    public enum Type {
        ADDED,
        MODIFIED,
        DELETED
    }

    /** Returns the resource version of the change. */
    public long version() {
        return stored.version();
    }
}
