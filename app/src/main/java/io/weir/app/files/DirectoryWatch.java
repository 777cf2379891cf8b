package io.weir.app.files;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Waits until something happens in folders.
 *
 * <p>An event says only that a look is worth it: which file changed, and whether it did, is found
 * out by looking. That makes every way of saving (write, rename, swap of a symbolic link) the same.
 */
final class DirectoryWatch implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(DirectoryWatch.class);

    /** Silence after which a burst of events is over. */
    private static final Duration QUIET = Duration.ofMillis(20);

    /** A burst that goes on longer is looked at all the same. */
    private static final Duration BURST = Duration.ofMillis(100);

    private static final WatchEvent.Kind<?>[] KINDS = {
        StandardWatchEventKinds.ENTRY_CREATE,
        StandardWatchEventKinds.ENTRY_MODIFY,
        StandardWatchEventKinds.ENTRY_DELETE
    };

    private final WatchService service;
    private final Map<Path, WatchKey> keys = new HashMap<>();

    DirectoryWatch() throws IOException {
        service = FileSystems.getDefault().newWatchService();
    }

    /**
     * Returns whether the operating system reports events at once; where it does not, events come
     * late and short waits are needed.
     */
    boolean isPrompt() {
        return !service.getClass().getSimpleName().contains("Polling");
    }

    /** Watches exactly these folders from now on. */
    void follow(Set<Path> folders) {
        keys.entrySet()
                .removeIf(entry -> {
                    boolean drop = !folders.contains(entry.getKey()) || !entry.getValue().isValid();
                    if (drop) {
                        entry.getValue().cancel();
                    }
                    return drop;
                });
        folders.stream().filter(folder -> !keys.containsKey(folder)).forEach(this::register);
    }

    private void register(Path folder) {
        try {
            keys.put(folder, folder.register(service, KINDS));
        } catch (IOException e) {
            log.atDebug().addKeyValue("folder", folder).setCause(e).log("can't watch folder");
        }
    }

    /**
     * Waits for a burst of events to end, or for the time to pass.
     *
     * @param most longest wait for the first event
     * @return {@link System#nanoTime()} of the first event, or of the return without one
     */
    long await(Duration most) throws InterruptedException {
        boolean happened = next(most);
        long first = System.nanoTime();
        while (happened && System.nanoTime() - first < BURST.toNanos()) {
            happened = next(QUIET);
        }
        return first;
    }

    private boolean next(Duration most) throws InterruptedException {
        WatchKey key = service.poll(most.toMillis(), TimeUnit.MILLISECONDS);
        if (key == null) {
            return false;
        }
        key.pollEvents();
        key.reset();
        return true;
    }

    @Override
    public void close() throws IOException {
        service.close();
    }
}
