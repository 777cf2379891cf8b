package io.weir.routing;

import io.weir.resource.ObjectKey;

/**
 * A pool as routes hold it: the same one while its endpoints, rewrites and settings change, so that
 * a change of a pool leaves the routes to it alone.
 *
 * <p>One thread at a time publishes; readers take the pool once per request. Handles are equal when
 * they are the same.
 */
public final class PoolHandle {

    private volatile Pool pool;

    /** Makes a handle with a first pool. */
    public PoolHandle(Pool pool) {
        this.pool = pool;
    }

    /** Returns the pool in force. */
    public Pool pool() {
        return pool;
    }

    /** Returns the pool's key, which never changes. */
    public ObjectKey key() {
        return pool.key();
    }

    /**
     * Puts a pool in force.
     *
     * @throws IllegalArgumentException when it is another one, and not the same one changed
     */
    @SuppressWarnings("ReferenceEquality") // Most pools are what they were.
    public void publish(Pool next) {
        if (pool == next) {
            return;
        }
        if (!next.key().equals(pool.key())) {
            throw new IllegalArgumentException(next.key() + " (expected: " + pool.key() + ")");
        }
        pool = next;
    }

    @Override
    public String toString() {
        return "PoolHandle[" + key() + "]";
    }
}
