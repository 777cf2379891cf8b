package io.weir.app.files;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Tells what changes in files and folders.
 *
 * <p>The first look is made by the caller with {@link #look}; after {@link #start} one virtual
 * thread goes on looking and calls the listener.
 */
public final class FileWatcher implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(FileWatcher.class);

    private static final Duration SOON = Duration.ofMillis(30);
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final Duration POLL_WITHOUT_EVENTS = Duration.ofMillis(100);

    private final WatchedFiles files;
    private final DirectoryWatch watch;
    private final Duration poll;

    /**
     * Creates a watcher.
     *
     * @param roots files, and folders whose files count when they have one of the suffixes
     * @param suffixes for instance {@code .yaml}
     * @param clock tells how long a file has been gone
     */
    public FileWatcher(List<Path> roots, Set<String> suffixes, InstantSource clock)
            throws IOException {
        files = new WatchedFiles(roots, suffixes, clock);
        watch = new DirectoryWatch();
        poll = watch.isPrompt() ? POLL : POLL_WITHOUT_EVENTS;
        watch.follow(files.folders());
    }

    /** Looks once and returns what is new; not to be called after {@link #start}. */
    public List<FileChange> look() {
        List<FileChange> changes = files.refresh();
        watch.follow(files.folders());
        return changes;
    }

    /**
     * Returns what each file said last. To be called before {@link #start}, and afterwards only by
     * the listener.
     */
    public Map<Path, byte[]> contents() {
        return files.contents();
    }

    /** Starts to look on a virtual thread; the listener is called there. */
    public void start(Listener listener) {
        Thread.ofVirtual().name("file-watcher").start(() -> run(listener));
    }

    private void run(Listener listener) {
        try {
            while (true) {
                long noticed = watch.await(files.isPending() ? SOON : poll);
                List<FileChange> changes = look();
                if (!changes.isEmpty()) {
                    tell(listener, changes, noticed);
                }
            }
        } catch (ClosedWatchServiceException e) {
            log.atDebug().log("file watcher ends");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void tell(Listener listener, List<FileChange> changes, long noticed) {
        try {
            listener.changed(changes, noticed);
        } catch (RuntimeException e) {
            log.atError().setCause(e).log("a change of files could not be applied");
        }
    }

    @Override
    public void close() throws IOException {
        watch.close();
    }

    /** Hears of changes. */
    @FunctionalInterface
    public interface Listener {

        /**
         * Called when files changed.
         *
         * @param changes what happened, one entry for each file
         * @param noticedNanos {@link System#nanoTime()} of the first sign of it
         */
        void changed(List<FileChange> changes, long noticedNanos);
    }
}
