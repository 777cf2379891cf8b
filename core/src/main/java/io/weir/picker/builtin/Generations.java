package io.weir.picker.builtin;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A map whose entries are forgotten when they were not used for a while: after one to two
 * lifetimes.
 *
 * <p>There are two generations; what is used moves to the younger one, and the older one is dropped
 * as a whole when the younger one gets old. Nothing is ever looked through. Thread-safe and
 * lock-free for readers.
 */
final class Generations<K, V> {

    private static final int MOST_ENTRIES = 1 << 18;

    private final AtomicReference<State<K, V>> state = new AtomicReference<>();
    private final long lifetimeNanos;

    private record State<K, V>(
            ConcurrentHashMap<K, V> young, ConcurrentHashMap<K, V> old, long sinceNanos) {}

    Generations(long lifetimeNanos) {
        this.lifetimeNanos = lifetimeNanos;
    }

    @Nullable V get(K key, long nowNanos) {
        State<K, V> now = state(nowNanos);
        V found = now.young().get(key);
        if (found == null) {
            found = now.old().get(key);
            if (found != null) {
                now.young().put(key, found);
            }
        }
        return found;
    }

    void put(K key, V value, long nowNanos) {
        state(nowNanos).young().put(key, value);
    }

    private State<K, V> state(long nowNanos) {
        State<K, V> seen = state.get();
        if (seen != null && isYoung(seen, nowNanos)) {
            return seen;
        }
        boolean allOver = seen == null || nowNanos - seen.sinceNanos() > 2 * lifetimeNanos;
        State<K, V> next =
                new State<>(
                        new ConcurrentHashMap<>(),
                        allOver ? new ConcurrentHashMap<>() : seen.young(),
                        nowNanos);
        return state.compareAndSet(seen, next) ? next : state(nowNanos);
    }

    private boolean isYoung(State<K, V> seen, long nowNanos) {
        return nowNanos - seen.sinceNanos() <= lifetimeNanos && seen.young().size() <= MOST_ENTRIES;
    }
}
