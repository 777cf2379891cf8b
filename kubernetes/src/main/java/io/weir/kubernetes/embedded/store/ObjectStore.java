package io.weir.kubernetes.embedded.store;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.weir.kubernetes.embedded.object.PackedArray;
import io.weir.kubernetes.embedded.object.Trees;
import io.weir.kubernetes.embedded.store.Persistence.Write;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/** All objects. Safe for all threads; see the package for how. */
public final class ObjectStore implements AutoCloseable {

    private static final int HISTORY = 4_096;
    private static final int BLOCK = 1_000;

    private final Persistence persistence;
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
    private final Condition done = lock.writeLock().newCondition();
    private final Map<Key, Staged> pending = new HashMap<>();
    private final Map<String, NavigableMap<Key, Stored>> byResource = new ConcurrentHashMap<>();
    private final Map<String, History> histories = new ConcurrentHashMap<>();
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();
    private final long firstVersion;
    private volatile long version;
    private List<Staged> queue = new ArrayList<>();
    private long assigned;
    private volatile long reserved;
    private boolean leading;
    private volatile boolean closed;

    /** Hears of every change, in order, while the write lock is held: it must be quick. */
    public interface Listener {
        void changed(StoreEvent event);
    }

    /**
     * A list and the version at which it was true.
     *
     * @param version resource version of the list
     * @param items the objects by namespace and name
     */
    public record Listing(long version, List<Stored> items) {}

    /** Someone else wrote first, or the object is not there (any more). */
    public static final class VersionConflict extends Exception {

        private final transient @Nullable Stored current;

        VersionConflict(@Nullable Stored current) {
            this.current = current;
        }

        /** Returns the object as it is; empty when there is none. */
        public Optional<Stored> current() {
            return Optional.ofNullable(current);
        }
    }

    /**
     * Loads what was kept.
     *
     * @throws StorageException when that is not possible
     */
    public ObjectStore(Persistence persistence) {
        this.persistence = persistence;
        this.firstVersion = persistence.load(this::loaded) + 1;
        this.version = firstVersion;
        this.assigned = firstVersion;
        this.reserved = firstVersion;
    }

    private void loaded(Key key, long objectVersion, ObjectNode object) {
        ObjectNode kept = stamp(packed(object), objectVersion);
        objects(key.resource()).put(key, new Stored(key, objectVersion, "", kept));
    }

    /** Returns an object. */
    public Optional<Stored> get(Key key) {
        NavigableMap<Key, Stored> objects = byResource.get(key.resource());
        return objects == null ? Optional.empty() : Optional.ofNullable(objects.get(key));
    }

    /** Returns the objects of a resource in one namespace, or in all when it is empty. */
    public Listing list(String resource, String namespace) {
        lock.readLock().lock();
        try {
            NavigableMap<Key, Stored> objects = objects(resource);
            if (namespace.isEmpty()) {
                return new Listing(version, List.copyOf(objects.values()));
            }
            Key first = new Key(resource, namespace, "");
            Key end = new Key(resource, namespace + "\0", "");
            return new Listing(version, List.copyOf(objects.subMap(first, end).values()));
        } finally {
            lock.readLock().unlock();
        }
    }

    /** Returns the resources of which there are objects. */
    public List<String> resources() {
        return byResource.entrySet().stream()
                .filter(entry -> !entry.getValue().isEmpty())
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
    }

    /** Returns the latest resource version. */
    public long version() {
        return version;
    }

    /**
     * Stores a new object.
     *
     * @param file the file that owns it; empty for none
     * @throws VersionConflict when there is one of that name
     * @throws StorageException when it could not be kept
     */
    public Stored create(Key key, ObjectNode object, String file) throws VersionConflict {
        ObjectNode kept = packed(object);
        byte[] json = json(kept, file);
        lock.writeLock().lock();
        try {
            Stored current = settled(key);
            if (current != null) {
                throw new VersionConflict(current);
            }
            Write write = json.length == 0 ? null : new Write(key, next(), json);
            return commit(new Staged(StoreEvent.Type.ADDED, key, next(), kept, file, null, write));
        } finally {
            lock.writeLock().unlock();
        }
    }

    /**
     * Stores another state of an object.
     *
     * @param expected the version that the caller has seen
     * @throws VersionConflict when the object has another version or is gone
     * @throws StorageException when it could not be kept
     */
    public Stored replace(Key key, long expected, ObjectNode object, String file)
            throws VersionConflict {
        ObjectNode kept = packed(object);
        byte[] json = json(kept, file);
        lock.writeLock().lock();
        try {
            Stored current = require(key, expected);
            Write write = json.length > 0 ? new Write(key, next(), json) : dropped(current);
            return commit(
                    new Staged(StoreEvent.Type.MODIFIED, key, next(), kept, file, current, write));
        } finally {
            lock.writeLock().unlock();
        }
    }

    /**
     * Removes an object.
     *
     * @param expected the version that the caller has seen
     * @return the last state, with the version of the removal
     * @throws VersionConflict when the object has another version or is gone
     * @throws StorageException when the removal could not be kept
     */
    public Stored delete(Key key, long expected) throws VersionConflict {
        lock.writeLock().lock();
        try {
            Stored current = require(key, expected);
            return commit(
                    new Staged(
                            StoreEvent.Type.DELETED,
                            key,
                            next(),
                            current.object(),
                            current.file(),
                            current,
                            dropped(current)));
        } finally {
            lock.writeLock().unlock();
        }
    }

    /**
     * Starts watching a resource.
     *
     * @param after the version that the caller has seen
     * @throws Watch.Expired when changes after that version are no longer known
     */
    public Watch watch(String resource, long after) throws Watch.Expired {
        History history = history(resource);
        if (after > version || !history.reaches(after)) {
            throw new Watch.Expired();
        }
        return new Watch(history, after);
    }

    /**
     * Adds a listener and returns everything that there is, as one step: the listener hears of
     * exactly the changes that came after.
     */
    public List<Stored> listen(Listener listener) {
        lock.writeLock().lock();
        try {
            listeners.add(listener);
            List<Stored> all = new ArrayList<>();
            for (String resource : resources()) {
                all.addAll(objects(resource).values());
            }
            return all;
        } finally {
            lock.writeLock().unlock();
        }
    }

    /** Removes a listener. */
    public void unlisten(Listener listener) {
        listeners.remove(listener);
    }

    /** Ends all watches and closes the file. Writing afterwards fails. */
    @Override
    public void close() {
        lock.writeLock().lock();
        try {
            closed = true;
            while (leading || !queue.isEmpty()) {
                done.awaitUninterruptibly();
            }
            histories.values().forEach(History::close);
            persistence.close();
        } finally {
            lock.writeLock().unlock();
        }
    }

    /**
     * Returns the object with its owners packed: they are often larger than all the rest, and
     * nearly nobody reads them.
     */
    private static ObjectNode packed(ObjectNode object) {
        ArrayNode owners = Trees.arrayAt(object, "metadata", "managedFields");
        if (owners.isEmpty() || owners instanceof PackedArray) {
            return object;
        }
        ObjectNode copy = Trees.shallowCopy(object);
        ObjectNode metadata = Trees.shallowCopy(Trees.objectAt(object, "metadata"));
        metadata.set("managedFields", PackedArray.of(owners));
        copy.set("metadata", metadata);
        return copy;
    }

    /** Returns what is written of an object; nothing when a file owns it. */
    private static byte[] json(ObjectNode object, String file) {
        return file.isEmpty() ? Trees.bytes(object) : new byte[0];
    }

    private @Nullable Write dropped(Stored current) {
        return current.isFromFile() ? null : new Write(current.key(), next(), new byte[0]);
    }

    /** Returns the version of the change that is staged next. */
    private long next() {
        return assigned + 1;
    }

    /**
     * Waits until a change is kept, and makes it visible. One of those who wait keeps the changes
     * of all; meanwhile others come and wait.
     */
    private Stored commit(Staged change) {
        if (closed) {
            throw new StorageException("storage is closed", new IllegalStateException());
        }
        assigned = change.version();
        pending.put(change.key(), change);
        queue.add(change);
        while (!change.isDone()) {
            if (leading) {
                done.awaitUninterruptibly();
            } else {
                keepAll();
            }
        }
        return change.result();
    }

    private void keepAll() {
        List<Staged> batch = queue;
        queue = new ArrayList<>();
        leading = true;
        StorageException failure = null;
        lock.writeLock().unlock();
        try {
            keep(batch);
        } catch (StorageException e) {
            failure = e;
        } finally {
            lock.writeLock().lock();
            leading = false;
        }
        for (Staged change : batch) {
            pending.remove(change.key());
            change.end(failure == null ? show(change) : null, failure);
        }
        done.signalAll();
    }

    /**
     * Versions are reserved in blocks, so that none is given twice although objects of files, and
     * with them their versions, are not kept.
     */
    private void keep(List<Staged> batch) {
        long last = batch.getLast().version();
        long reservation = last < reserved ? 0 : last + BLOCK;
        List<Write> writes = batch.stream().map(Staged::write).filter(Objects::nonNull).toList();
        if (!writes.isEmpty() || reservation > 0) {
            persistence.write(writes, reservation);
        }
        reserved = Math.max(reserved, reservation);
    }

    private Stored show(Staged change) {
        Stored stored =
                new Stored(
                        change.key(),
                        change.version(),
                        change.file(),
                        stamp(change.object(), change.version()));
        NavigableMap<Key, Stored> objects = objects(change.key().resource());
        switch (change.type()) {
            case ADDED, MODIFIED -> objects.put(change.key(), stored);
            case DELETED -> objects.remove(change.key());
        }
        publish(new StoreEvent(change.type(), stored, change.previous()));
        return stored;
    }

    private Stored require(Key key, long expected) throws VersionConflict {
        Stored current = settled(key);
        if (current == null || current.version() != expected) {
            throw new VersionConflict(current);
        }
        return current;
    }

    /** Returns an object of which no change is under way. */
    private @Nullable Stored settled(Key key) {
        while (pending.containsKey(key)) {
            done.awaitUninterruptibly();
        }
        return objects(key.resource()).get(key);
    }

    /** The version rises last: whoever reads it finds every change up to it in the history. */
    private void publish(StoreEvent event) {
        history(event.stored().key().resource()).add(event);
        version = event.version();
        listeners.forEach(listener -> listener.changed(event));
    }

    private static ObjectNode stamp(ObjectNode object, long version) {
        ObjectNode copy = Trees.shallowCopy(object);
        ObjectNode metadata = Trees.shallowCopy(Trees.objectAt(object, "metadata"));
        metadata.put("resourceVersion", String.valueOf(version));
        copy.set("metadata", metadata);
        return copy;
    }

    private NavigableMap<Key, Stored> objects(String resource) {
        return byResource.computeIfAbsent(resource, name -> new ConcurrentSkipListMap<>());
    }

    private History history(String resource) {
        return histories.computeIfAbsent(resource, name -> new History(HISTORY, firstVersion));
    }
}
