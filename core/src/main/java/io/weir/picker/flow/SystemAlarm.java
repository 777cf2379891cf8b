package io.weir.picker.flow;

import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Calls back by the system's clock, on a thread that sleeps until then. Thread-safe. */
public final class SystemAlarm implements Alarm, AutoCloseable {

    private final ScheduledThreadPoolExecutor executor =
            new ScheduledThreadPoolExecutor(
                    1,
                    task -> Thread.ofPlatform().daemon().name("weir-flow-alarm").unstarted(task));

    @Override
    public void after(long delayNanos, Runnable callback) {
        if (!executor.isShutdown()) {
            executor.schedule(callback, delayNanos, TimeUnit.NANOSECONDS);
        }
    }

    /** Calls nobody back any more. */
    @Override
    public void close() {
        executor.shutdownNow();
    }
}
