package io.weir.proxy.loop;

import org.jspecify.annotations.Nullable;

/**
 * Something that happens unless it is cancelled in time. Made once per connection or exchange and
 * armed as often as needed: arming allocates nothing.
 */
public abstract class Deadline {

    static final int NOT_QUEUED = -1;

    @Nullable Deadline previous;
    @Nullable Deadline next;
    long dueTick;
    long queuedTick = NOT_QUEUED;

    /**
     * Called on the event loop, up to a tick after the time has come. The deadline is not armed.
     */
    protected abstract void expired();

    /** Returns whether the deadline is armed. */
    public final boolean isArmed() {
        return queuedTick != NOT_QUEUED;
    }
}
