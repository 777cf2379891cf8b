package io.weir.kubernetes.embedded.store;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.weir.kubernetes.embedded.store.Persistence.Write;

import org.jspecify.annotations.Nullable;

import java.util.Objects;

/** A change that is not visible yet. Used under the lock of the store. */
final class Staged {

    private final StoreEvent.Type type;
    private final Key key;
    private final long version;
    private final ObjectNode object;
    private final String file;
    private final @Nullable Stored previous;
    private final @Nullable Write write;
    private @Nullable Stored shown;
    private @Nullable StorageException failure;
    private boolean done;

    /**
     * @param previous the state before; null for a new object
     * @param write what is kept; null for nothing
     */
    Staged(
            StoreEvent.Type type,
            Key key,
            long version,
            ObjectNode object,
            String file,
            @Nullable Stored previous,
            @Nullable Write write) {
        this.type = type;
        this.key = key;
        this.version = version;
        this.object = object;
        this.file = file;
        this.previous = previous;
        this.write = write;
    }

    StoreEvent.Type type() {
        return type;
    }

    Key key() {
        return key;
    }

    long version() {
        return version;
    }

    ObjectNode object() {
        return object;
    }

    String file() {
        return file;
    }

    @Nullable Stored previous() {
        return previous;
    }

    @Nullable Write write() {
        return write;
    }

    /** Notes what came of the change: either it is visible, or it failed. */
    void end(@Nullable Stored visible, @Nullable StorageException why) {
        shown = visible;
        failure = why;
        done = true;
    }

    boolean isDone() {
        return done;
    }

    /**
     * Returns the visible state.
     *
     * @throws StorageException when the change could not be kept
     */
    Stored result() {
        StorageException why = failure;
        if (why != null) {
            throw new StorageException(String.valueOf(why.getMessage()), why);
        }
        return Objects.requireNonNull(shown);
    }
}
