package io.weir.kubernetes.status;

import io.weir.config.Status;
import io.weir.resource.ObjectSet;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;

/**
 * Writes the latest statuses on a virtual thread of its own. What is handed over while a pass runs
 * replaces what waits, so that a burst of changes costs one pass more. Once a second it looks
 * whether what statuses say of running servers is still true.
 */
public final class StatusLoop implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(StatusLoop.class);
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);

    private final StatusWriter writer;
    private final UnaryOperator<List<Status>> running;
    private final Thread thread;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrived = lock.newCondition();
    private @Nullable Work waiting;

    /**
     * Makes a loop; it begins with {@link #start}.
     *
     * @param writer writes statuses
     * @param running adds to statuses what running servers say, quickly
     */
    public StatusLoop(StatusWriter writer, UnaryOperator<List<Status>> running) {
        this.writer = writer;
        this.running = running;
        this.thread = Thread.ofVirtual().name("status-writer").unstarted(this::run);
    }

    /** Begins to write. */
    public void start() {
        thread.start();
    }

    /**
     * Hands over the latest statuses; returns at once.
     *
     * @param statuses the status of every object that has one
     * @param objects the objects that were compiled
     */
    public void submit(List<Status> statuses, ObjectSet objects) {
        lock.lock();
        try {
            waiting = new Work(statuses, objects);
            arrived.signal();
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        try {
            Work work = null;
            List<Status> told = List.of();
            boolean failed = false;
            while (true) {
                Work next = take(work != null);
                work = next == null ? work : next;
                if (work != null) {
                    List<Status> now = running.apply(work.statuses);
                    if (next != null || failed || !now.equals(told)) {
                        failed = pass(now, work.objects);
                        told = now;
                    }
                }
            }
        } catch (InterruptedException e) {
            LOG.atDebug().log("status writer ends");
        }
    }

    private boolean pass(List<Status> statuses, ObjectSet objects) {
        long begin = System.nanoTime();
        StatusWriter.Pass pass = writer.write(statuses, objects);
        if (pass.writes() > 0) {
            LOG.atDebug()
                    .addKeyValue("statuses", pass.writes())
                    .addKeyValue("millis", (System.nanoTime() - begin) / 1_000_000)
                    .log("statuses written");
        }
        return pass.failures() > 0;
    }

    /** Returns what has arrived; null when nothing did and it is time to look again. */
    private @Nullable Work take(boolean again) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (waiting == null) {
                if (!again) {
                    arrived.await();
                } else if (!arrived.await(LOOK_AGAIN.toMillis(), TimeUnit.MILLISECONDS)) {
                    return null;
                }
            }
            Work work = waiting;
            waiting = null;
            return work;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }

    private record Work(List<Status> statuses, ObjectSet objects) {}
}
