package io.weir.picker.pool;

import io.weir.picker.state.EndpointState;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.function.LongSupplier;

/**
 * Endpoints that left a pool a short while ago. One that comes back, because its readiness probe
 * failed once, still has its cache and its requests. Owned by the pool's update lock.
 */
final class Departed {

    private static final long MEMORY_NANOS = Duration.ofMinutes(1).toNanos();
    private static final int MOST = 64;

    private final LinkedHashMap<EndpointState.Key, Entry> entries = new LinkedHashMap<>();
    private final LongSupplier nanoTime;

    private record Entry(EndpointState state, long sinceNanos) {}

    Departed(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    void add(EndpointState state) {
        state.retired(true);
        entries.putLast(state.key(), new Entry(state, nanoTime.getAsLong()));
        forgetOld();
    }

    /** Returns an endpoint that is back; null when it was away for long. */
    @Nullable EndpointState take(EndpointState.Key key) {
        forgetOld();
        Entry entry = entries.remove(key);
        if (entry == null) {
            return null;
        }
        entry.state().retired(false);
        return entry.state();
    }

    private void forgetOld() {
        long oldest = nanoTime.getAsLong() - MEMORY_NANOS;
        Iterator<Entry> all = entries.values().iterator();
        while (all.hasNext()) {
            if (all.next().sinceNanos() - oldest > 0 && entries.size() <= MOST) {
                return;
            }
            all.remove();
        }
    }
}
