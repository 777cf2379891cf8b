package io.weir.proxy.exchange;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How many bytes of request bodies the whole process may hold, so that many bodies near the limit
 * of one can't exhaust the memory together.
 *
 * <p>Each event loop counts for itself and takes from the common budget in blocks: most requests
 * touch nothing that is shared. The count is of bodies' bytes; the buffers that hold them may have
 * up to twice as many.
 */
public final class BodyBudget {

    private static final long BLOCK_BYTES = 256 * 1024;

    private final long limitBytes;
    private final AtomicLong granted = new AtomicLong();

    /**
     * Makes a budget.
     *
     * @param limitBytes most bytes that are held at once
     */
    public BodyBudget(long limitBytes) {
        this.limitBytes = limitBytes;
    }

    /** Returns the share of one event loop. */
    Share share() {
        return new Share(this);
    }

    long limitBytes() {
        return limitBytes;
    }

    /** What one event loop holds; used on that loop, apart from {@link #usedBytes}. */
    static final class Share {

        private final BodyBudget budget;
        private final AtomicLong used = new AtomicLong();
        private long grantedBytes;

        Share(BodyBudget budget) {
            this.budget = budget;
        }

        /** Returns the bytes held; from any thread. */
        long usedBytes() {
            return used.getAcquire();
        }

        long limitBytes() {
            return budget.limitBytes;
        }

        /** Returns whether so many bytes more would be within the budget now. */
        boolean hasRoomFor(long bytes) {
            long unused = grantedBytes - used.getPlain();
            return bytes <= unused || budget.granted.get() + bytes - unused <= budget.limitBytes;
        }

        /**
         * Counts bytes that are held from now on.
         *
         * @return whether that is within the budget; they are counted in any case
         */
        boolean take(long bytes) {
            long now = used.getPlain() + bytes;
            used.setRelease(now);
            long missing = now - grantedBytes;
            if (missing <= 0) {
                return true;
            }
            long block = missing + BLOCK_BYTES;
            if (budget.granted.addAndGet(block) <= budget.limitBytes) {
                grantedBytes += block;
                return true;
            }
            grantedBytes += missing;
            return budget.granted.addAndGet(missing - block) <= budget.limitBytes;
        }

        /** Counts bytes as held no more. */
        void giveBack(long bytes) {
            long now = used.getPlain() - bytes;
            used.setRelease(now);
            long unused = grantedBytes - now;
            if (unused > 2 * BLOCK_BYTES) {
                grantedBytes -= unused - BLOCK_BYTES;
                budget.granted.addAndGet(BLOCK_BYTES - unused);
            }
        }
    }
}
