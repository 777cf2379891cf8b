package io.weir.extproc.wire;

import java.util.concurrent.atomic.AtomicLong;

/** What all unfinished bodies together may hold. Thread-safe. */
public final class HeldBytes {

    private final long most;
    private final AtomicLong held = new AtomicLong();

    /**
     * @param most most bytes at once
     */
    public HeldBytes(long most) {
        this.most = most;
    }

    /** Returns a limit that suits this process's memory: half of its heap. */
    public static HeldBytes ofHeap() {
        return new HeldBytes(Runtime.getRuntime().maxMemory() / 2);
    }

    /**
     * Takes some bytes.
     *
     * @return false when there is no room for them
     */
    public boolean take(long bytes) {
        if (held.addAndGet(bytes) <= most) {
            return true;
        }
        held.addAndGet(-bytes);
        return false;
    }

    /** Gives bytes back. */
    public void giveBack(long bytes) {
        held.addAndGet(-bytes);
    }

    /** Returns how many bytes are held. */
    public long held() {
        return held.get();
    }
}
