package io.weir.kubernetes.status;

import io.weir.collection.PersistentMap;
import io.weir.config.Status;
import io.weir.resource.ObjectKey;
import io.weir.resource.ObjectSet;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;

/**
 * Writes the latest statuses on a virtual thread of its own. What is handed over while a pass runs
 * joins what waits, so that a burst of changes costs one pass more. Once a second it looks whether
 * what statuses say of running servers is still true.
 */
public final class StatusLoop implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(StatusLoop.class);
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);

    private final StatusWriter writer;
    private final UnaryOperator<PersistentMap<ObjectKey, Status>> running;
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
    public StatusLoop(
            StatusWriter writer, UnaryOperator<PersistentMap<ObjectKey, Status>> running) {
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
     * @param touched objects that may have changed in the API since the last call
     */
    public void submit(
            PersistentMap<ObjectKey, Status> statuses, ObjectSet objects, Set<ObjectKey> touched) {
        submit(new Work(statuses, objects, touched, false));
    }

    /** Hands over the latest statuses, to be compared with all that is in the API. */
    public void submitAll(PersistentMap<ObjectKey, Status> statuses, ObjectSet objects) {
        submit(new Work(statuses, objects, Set.of(), true));
    }

    private void submit(Work work) {
        lock.lock();
        try {
            Work before = waiting;
            waiting = before == null ? work : work.after(before);
            arrived.signal();
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        try {
            Work work = null;
            while (true) {
                Work next = take(work != null);
                work = next == null ? work : next;
                if (work != null) {
                    pass(work);
                    work = work.done();
                }
            }
        } catch (InterruptedException e) {
            LOG.atDebug().log("status writer ends");
        }
    }

    private void pass(Work work) throws InterruptedException {
        long begin = System.nanoTime();
        if (work.all) {
            writer.forgetAll();
        }
        StatusWriter.Pass pass =
                writer.write(running.apply(work.statuses), work.objects, work.touched);
        if (pass.writes() > 0) {
            LOG.atDebug()
                    .addKeyValue("statuses", pass.writes())
                    .addKeyValue("millis", (System.nanoTime() - begin) / 1_000_000)
                    .log("statuses written");
        }
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

    /**
     * What to write.
     *
     * @param all whether nothing is to be taken for known
     */
    private record Work(
            PersistentMap<ObjectKey, Status> statuses,
            ObjectSet objects,
            Set<ObjectKey> touched,
            boolean all) {

        Work after(Work before) {
            Set<ObjectKey> either = new HashSet<>(before.touched);
            either.addAll(touched);
            return new Work(statuses, objects, either, all || before.all);
        }

        Work done() {
            return touched.isEmpty() && !all ? this : new Work(statuses, objects, Set.of(), false);
        }
    }
}
