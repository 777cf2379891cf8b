package io.weir.proxy.loop;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Timeouts of one event loop, exact to a tick. Used on that loop alone.
 *
 * <p>Nearly all timeouts never come, so arming, moving and cancelling must cost next to nothing: a
 * deadline is a node of a linked list, one list for each tick of the wheel's turn. Moving a
 * deadline to a later time only writes the new time; it is put in its place when the wheel comes
 * by. Times beyond one turn wait in the last slot and are looked at once a turn.
 *
 * <p>The loop's own scheduler is asked for one wake-up only, at the earliest slot in use; an idle
 * wheel does not wake the loop at all.
 */
public final class TimerWheel {

    /** Length of a tick: timeouts come up to so much late. */
    public static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private static final int SLOTS = 1024;
    private static final long ASLEEP = Long.MAX_VALUE;

    private final EventExecutor loop;
    private final LongSupplier nanoTime;
    private final long startNanos;
    private final @Nullable Deadline[] slots = new @Nullable Deadline[SLOTS];
    private long doneTick;
    private int size;
    private long wakeTick = ASLEEP;
    private @Nullable Future<?> wakeUp;

    /**
     * Makes an empty wheel.
     *
     * @param loop the event loop
     * @param nanoTime the clock
     */
    public TimerWheel(EventExecutor loop, LongSupplier nanoTime) {
        this.loop = loop;
        this.nanoTime = nanoTime;
        this.startNanos = nanoTime.getAsLong();
    }

    /** Arms a deadline, or moves it when it is armed. */
    public void arm(Deadline deadline, long delayNanos) {
        long tick = tickOf(nanoTime.getAsLong() + delayNanos);
        deadline.dueTick = tick;
        if (deadline.queuedTick != Deadline.NOT_QUEUED) {
            if (deadline.queuedTick <= tick) {
                return;
            }
            unlink(deadline);
        }
        link(deadline);
    }

    /** Disarms a deadline; no effect when it is not armed. */
    public void cancel(Deadline deadline) {
        if (deadline.queuedTick != Deadline.NOT_QUEUED) {
            unlink(deadline);
        }
    }

    /** Returns the number of armed deadlines. */
    public int size() {
        return size;
    }

    private long tickOf(long nanos) {
        return (nanos - startNanos) / TICK_NANOS;
    }

    private void link(Deadline deadline) {
        if (size == 0) {
            doneTick = Math.max(doneTick, tickOf(nanoTime.getAsLong()) - 1);
        }
        long tick = Math.clamp(deadline.dueTick, doneTick + 1, doneTick + SLOTS - 1);
        int slot = (int) (tick % SLOTS);
        Deadline head = slots[slot];
        deadline.queuedTick = tick;
        deadline.previous = null;
        deadline.next = head;
        if (head != null) {
            head.previous = deadline;
        }
        slots[slot] = deadline;
        size++;
        wakeAt(tick);
    }

    private void unlink(Deadline deadline) {
        Deadline previous = deadline.previous;
        Deadline next = deadline.next;
        if (previous != null) {
            previous.next = next;
        } else {
            slots[(int) (deadline.queuedTick % SLOTS)] = next;
        }
        if (next != null) {
            next.previous = previous;
        }
        deadline.previous = null;
        deadline.next = null;
        deadline.queuedTick = Deadline.NOT_QUEUED;
        size--;
    }

    private void wakeAt(long tick) {
        if (tick >= wakeTick) {
            return;
        }
        if (wakeUp != null) {
            wakeUp.cancel(false);
        }
        wakeTick = tick;
        long delay = startNanos + (tick + 1) * TICK_NANOS - nanoTime.getAsLong();
        wakeUp = loop.schedule(this::turn, Math.max(0, delay), TimeUnit.NANOSECONDS);
    }

    /** Expires what is due and puts moved deadlines in their place. */
    void turn() {
        wakeTick = ASLEEP;
        wakeUp = null;
        long now = tickOf(nanoTime.getAsLong());
        long from = Math.max(doneTick + 1, now - SLOTS);
        for (long tick = from; tick < now; tick++) {
            doneTick = tick;
            sweep((int) (tick % SLOTS), tick);
        }
        sleep();
    }

    private void sweep(int slot, long tick) {
        Deadline deadline = slots[slot];
        while (deadline != null) {
            unlink(deadline);
            if (deadline.dueTick > tick) {
                link(deadline);
            } else {
                deadline.expired();
            }
            // What expired may have cancelled its neighbours: start again from the list's head.
            deadline = slots[slot];
        }
    }

    private void sleep() {
        if (size == 0) {
            return;
        }
        for (long tick = doneTick + 1; tick < doneTick + SLOTS; tick++) {
            if (slots[(int) (tick % SLOTS)] != null) {
                wakeAt(tick);
                return;
            }
        }
    }
}
