package io.weir.picker.pool;

import io.weir.picker.Explanation;
import io.weir.resource.ObjectKey;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Predicate;

/**
 * The last decisions of all pickers, kept while somebody wants to see them. Thread-safe and
 * lock-free; off at first, and then it costs one read per pick.
 */
public final class DecisionLog {

    private static final int LEAST_OF_ID = 8;
    private static final int KEPT = 256;

    private final AtomicReferenceArray<Entry> entries = new AtomicReferenceArray<>(KEPT);
    private final AtomicLong next = new AtomicLong();
    private volatile boolean on;

    /**
     * One decision.
     *
     * @param pool the pool
     * @param explanation why
     */
    public record Entry(ObjectKey pool, Explanation explanation) {}

    DecisionLog() {}

    /** Returns whether decisions are kept. */
    public boolean isOn() {
        return on;
    }

    /** Begins to keep decisions, or ends it and forgets those that were kept. */
    public void switchOn(boolean keep) {
        on = keep;
        for (int i = 0; !keep && i < KEPT; i++) {
            entries.set(i, null);
        }
    }

    void add(ObjectKey pool, Explanation explanation) {
        entries.set((int) (next.getAndIncrement() % KEPT), new Entry(pool, explanation));
    }

    /** Returns the decisions kept, the last one first. */
    public List<Entry> recent() {
        List<Entry> found = new ArrayList<>();
        long last = next.get() - 1;
        for (long i = last; i >= 0 && last - i < KEPT; i--) {
            Entry entry = entries.get((int) (i % KEPT));
            if (entry != null) {
                found.add(entry);
            }
        }
        return found;
    }

    /**
     * Returns the last decision on a request.
     *
     * @param requestId its id, or the first eight or more characters of it
     */
    public Optional<Entry> find(String requestId) {
        Optional<Entry> whole = find(id -> id.equals(requestId));
        boolean isLongEnough = requestId.length() >= LEAST_OF_ID;
        return whole.isPresent() || !isLongEnough ? whole : find(id -> id.startsWith(requestId));
    }

    private Optional<Entry> find(Predicate<String> isMeant) {
        return recent().stream()
                .filter(entry -> isMeant.test(entry.explanation().requestId()))
                .findFirst();
    }
}
