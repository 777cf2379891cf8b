package io.weir.picker.flow;

import java.util.concurrent.atomic.AtomicLong;

/** Places for a limited number of requests and bytes. Thread-safe. */
final class Places {

    private final AtomicLong requests = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();
    private volatile long maxRequests;
    private volatile long maxBytes;

    /** Sets the limits; 0 for none. */
    void limit(long mostRequests, long mostBytes) {
        maxRequests = mostRequests;
        maxBytes = mostBytes;
    }

    /** Takes a place; false, and nothing is taken, when there is none. */
    boolean take(long size) {
        if (!addWithin(requests, 1, maxRequests)) {
            return false;
        }
        if (!addWithin(bytes, size, maxBytes)) {
            requests.getAndDecrement();
            return false;
        }
        return true;
    }

    void giveBack(long size) {
        bytes.getAndAdd(-size);
        requests.getAndDecrement();
    }

    long requests() {
        return requests.get();
    }

    long bytes() {
        return bytes.get();
    }

    long maxRequests() {
        return maxRequests;
    }

    long maxBytes() {
        return maxBytes;
    }

    private static boolean addWithin(AtomicLong counter, long amount, long most) {
        while (true) {
            long now = counter.get();
            if (most > 0 && now + amount > most) {
                return false;
            }
            if (counter.compareAndSet(now, now + amount)) {
                return true;
            }
        }
    }
}
