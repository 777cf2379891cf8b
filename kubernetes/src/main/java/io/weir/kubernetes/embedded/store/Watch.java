package io.weir.kubernetes.embedded.store;

import java.util.List;

/** The changes of one resource from a version on. Used by one thread. */
public final class Watch {

    private final History history;
    private long seen;

    Watch(History history, long seen) {
        this.history = history;
        this.seen = seen;
    }

    /**
     * Waits for changes.
     *
     * @return the changes since the last call, in order; empty when the time was up
     * @throws Expired when changes were missed and the watcher has to list again
     */
    public List<StoreEvent> next(long waitMillis) throws InterruptedException, Expired {
        List<StoreEvent> events = history.after(seen, waitMillis);
        if (!history.reaches(seen)) {
            throw new Expired();
        }
        if (!events.isEmpty()) {
            seen = events.getLast().version();
        }
        return events;
    }

    /** Returns whether the store was closed, after which nothing will come. */
    public boolean isClosed() {
        return history.isClosed();
    }

    /** The history no longer reaches back to what the watcher has seen. */
    public static final class Expired extends Exception {}
}
