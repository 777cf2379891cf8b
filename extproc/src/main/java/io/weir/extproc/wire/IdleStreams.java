package io.weir.extproc.wire;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * Streams whose request is not complete, and which are ended when nothing comes for too long.
 *
 * <p>Thread-safe; {@link #sweep} is called now and then by one thread.
 */
public final class IdleStreams {

    private final Set<Expiring> streams = ConcurrentHashMap.newKeySet();
    private final long longestNanos;
    private final LongSupplier nanoTime;

    /**
     * @param longest how long nothing may come
     * @param nanoTime the clock
     */
    public IdleStreams(Duration longest, LongSupplier nanoTime) {
        this.longestNanos = longest.toNanos();
        this.nanoTime = nanoTime;
    }

    /** Watches a stream. */
    public void add(Expiring stream) {
        streams.add(stream);
    }

    /** Forgets a stream. */
    public void remove(Expiring stream) {
        streams.remove(stream);
    }

    /** Returns how many are watched. */
    public int size() {
        return streams.size();
    }

    /** Ends those of which nothing came for too long. */
    public void sweep() {
        long now = nanoTime.getAsLong();
        for (Expiring stream : streams) {
            if (now - stream.lastMessageNanos() > longestNanos) {
                stream.expire();
            }
        }
    }

    /** A stream that can be ended. */
    public interface Expiring {

        /** Returns when the last message came. Called by any thread. */
        long lastMessageNanos();

        /** Ends it, and has it removed. Called by any thread. */
        void expire();
    }
}
