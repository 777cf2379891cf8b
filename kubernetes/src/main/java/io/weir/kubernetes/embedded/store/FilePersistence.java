package io.weir.kubernetes.embedded.store;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.weir.kubernetes.embedded.object.Trees;

import org.h2.mvstore.DataUtils;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;
import org.h2.mvstore.type.ByteArrayDataType;
import org.h2.mvstore.type.DataType;
import org.h2.mvstore.type.LongDataType;
import org.h2.mvstore.type.StringDataType;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Keeps objects in one MVStore file.
 *
 * <p>An object is kept as its resource version, in eight bytes, and its JSON. Each call of {@code
 * write} is one commit: the changed pages are appended to the file, and a file that ends in half a
 * commit opens at the commit before. A background thread forces the file to the device and now and
 * then moves live pages together so that the file does not grow for ever.
 */
public final class FilePersistence implements Persistence {

    private static final Logger LOG = LoggerFactory.getLogger(FilePersistence.class);
    private static final String FILE = "objects.mv";
    private static final String VERSION_KEY = "resourceVersion";
    private static final Duration SYNC_EVERY = Duration.ofMillis(100);

    /** Pages of before may be written over once newer ones are on the device for sure. */
    private static final Duration RETENTION = SYNC_EVERY.multipliedBy(5);

    private static final int COMPACT_AFTER_WRITES = 2_000;
    private static final int TARGET_FILL_PERCENT = 60;

    private final String file;
    private final ReentrantLock lock = new ReentrantLock();
    private final Thread caretaker;
    private @Nullable Opened opened;
    private int writesSinceCompaction;
    private boolean unsynced;
    private volatile boolean closed;

    /** The open file and its two maps. */
    private record Opened(
            MVStore store, MVMap<String, byte[]> objects, MVMap<String, Long> facts) {}

    /**
     * Opens the directory, which is made when it does not exist.
     *
     * @throws StorageException when it cannot be opened, is damaged, or is in use
     */
    public FilePersistence(Path directory) {
        this("", directory);
    }

    /**
     * @param fileSystem prefix of an H2 file system, for tests that make the disk fail
     */
    FilePersistence(String fileSystem, Path directory) {
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new StorageException(
                    "data directory: " + directory + " (expected: writable): " + e, e);
        }
        this.file = fileSystem + directory.resolve(FILE).toAbsolutePath();
        this.opened = open();
        this.caretaker = Thread.ofVirtual().name("weir-store-sync").start(this::takeCare);
    }

    @Override
    public long load(Visitor visitor) {
        Opened store = ready();
        try {
            for (Map.Entry<String, byte[]> entry : store.objects().entrySet()) {
                ByteBuffer value = ByteBuffer.wrap(entry.getValue());
                long version = value.getLong();
                byte[] json = new byte[value.remaining()];
                value.get(json);
                visitor.object(key(entry.getKey()), version, (ObjectNode) Trees.parse(json));
            }
            return store.facts().getOrDefault(VERSION_KEY, 0L);
        } catch (MVStoreException
                | UncheckedIOException
                | ClassCastException
                | BufferUnderflowException e) {
            throw failure("damaged", e);
        }
    }

    @Override
    public void write(List<Write> writes, long reservation) {
        lock.lock();
        try {
            Opened store = ready();
            for (Write write : writes) {
                apply(store, write);
            }
            if (reservation > 0) {
                store.facts().put(VERSION_KEY, reservation);
            }
            store.store().commit();
            unsynced = true;
            writesSinceCompaction += writes.size();
        } catch (MVStoreException e) {
            giveUp();
            throw failure("not written", e);
        } finally {
            lock.unlock();
        }
    }

    private static void apply(Opened store, Write write) {
        if (write.json().length == 0) {
            store.objects().remove(text(write.key()));
            return;
        }
        ByteBuffer value = ByteBuffer.allocate(Long.BYTES + write.json().length);
        value.putLong(write.version()).put(write.json());
        store.objects().put(text(write.key()), value.array());
    }

    @Override
    public void close() {
        closed = true;
        caretaker.interrupt();
        lock.lock();
        try {
            Opened store = opened;
            if (store != null) {
                store.store().close();
                opened = null;
            }
        } finally {
            lock.unlock();
        }
    }

    /** Closes a file that failed; the next use opens it again at its last good state. */
    private void giveUp() {
        Opened store = opened;
        opened = null;
        if (store != null) {
            store.store().closeImmediately();
        }
    }

    private Opened ready() {
        Opened store = opened;
        if (store == null || store.store().isClosed()) {
            store = open();
            opened = store;
        }
        return store;
    }

    private Opened open() {
        try {
            MVStore store = new MVStore.Builder().fileName(file).autoCommitDisabled().open();
            store.setVersionsToKeep(0);
            store.setRetentionTime((int) RETENTION.toMillis());
            return new Opened(
                    store,
                    store.openMap("json", map(ByteArrayDataType.INSTANCE)),
                    store.openMap("versions", map(LongDataType.INSTANCE)));
        } catch (MVStoreException e) {
            throw e.getErrorCode() == DataUtils.ERROR_FILE_LOCKED
                    ? new StorageException("storage " + file + ": in use by another process", e)
                    : failure("not opened", e);
        } catch (IllegalArgumentException e) {
            throw failure("not opened", e);
        }
    }

    private static <V> MVMap.Builder<String, V> map(DataType<V> values) {
        return new MVMap.Builder<String, V>().keyType(StringDataType.INSTANCE).valueType(values);
    }

    private void takeCare() {
        try {
            while (!closed) {
                Thread.sleep(SYNC_EVERY);
                lock.lock();
                try {
                    syncAndCompact();
                } finally {
                    lock.unlock();
                }
            }
        } catch (InterruptedException e) {
            LOG.debug("storage closes");
        }
    }

    private void syncAndCompact() {
        Opened store = opened;
        if (closed || store == null || !unsynced) {
            return;
        }
        try {
            store.store().sync();
            unsynced = false;
            if (writesSinceCompaction >= COMPACT_AFTER_WRITES) {
                writesSinceCompaction = 0;
                store.store().compact(TARGET_FILL_PERCENT, 4 << 20);
            }
        } catch (MVStoreException e) {
            LOG.atError().addKeyValue("file", file).setCause(e).log("storage not synced");
            giveUp();
        }
    }

    private StorageException failure(String what, RuntimeException cause) {
        Throwable root = cause;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return new StorageException("storage %s: %s: %s".formatted(what, file, root), cause);
    }

    private static String text(Key key) {
        return key.resource() + "\0" + key.namespace() + "\0" + key.name();
    }

    private static Key key(String text) {
        String[] parts = text.split("\0", -1);
        return new Key(parts[0], parts[1], parts[2]);
    }
}
