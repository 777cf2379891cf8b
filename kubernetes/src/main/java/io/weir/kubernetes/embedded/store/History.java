package io.weir.kubernetes.embedded.store;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The last changes of one resource, for watchers. A watcher is a thread with a version that it has
 * seen; it costs nothing while nothing happens, and one that falls behind further than the history
 * reaches has to list again.
 */
final class History {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<StoreEvent> events = new ArrayDeque<>();
    private final int capacity;
    private long forgottenUpTo;
    private boolean closed;

    /**
     * @param capacity how many changes are remembered
     * @param forgottenUpTo version up to which nothing is remembered
     */
    History(int capacity, long forgottenUpTo) {
        this.capacity = capacity;
        this.forgottenUpTo = forgottenUpTo;
    }

    void add(StoreEvent event) {
        lock.lock();
        try {
            if (events.size() == capacity) {
                forgottenUpTo = events.removeFirst().version();
            }
            events.addLast(event);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Returns whether every change after the version is still remembered. */
    boolean reaches(long version) {
        lock.lock();
        try {
            return version >= forgottenUpTo;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Returns the changes after the version, waiting for one when there is none.
     *
     * @return the changes in order; empty when the time was up or the store was closed
     */
    List<StoreEvent> after(long version, long waitMillis) throws InterruptedException {
        lock.lock();
        try {
            long left = TimeUnit.MILLISECONDS.toNanos(waitMillis);
            while (!closed && (events.isEmpty() || events.getLast().version() <= version)) {
                if (left <= 0) {
                    return List.of();
                }
                left = changed.awaitNanos(left);
            }
            return newerThan(version);
        } finally {
            lock.unlock();
        }
    }

    boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private List<StoreEvent> newerThan(long version) {
        List<StoreEvent> newer = new ArrayList<>();
        var backwards = events.descendingIterator();
        while (backwards.hasNext()) {
            StoreEvent event = backwards.next();
            if (event.version() <= version) {
                break;
            }
            newer.add(event);
        }
        return newer.reversed();
    }
}
