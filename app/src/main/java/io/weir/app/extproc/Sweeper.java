package io.weir.app.extproc;

import java.time.Duration;

/** Does something every second on a virtual thread. */
public final class Sweeper implements AutoCloseable {

    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final Thread thread;

    private Sweeper(Runnable task) {
        this.thread = Thread.ofVirtual().name("sweeper").unstarted(() -> run(task));
    }

    /** Starts. */
    public static Sweeper start(Runnable task) {
        Sweeper sweeper = new Sweeper(task);
        sweeper.thread.start();
        return sweeper;
    }

    private static void run(Runnable task) {
        try {
            while (true) {
                Thread.sleep(PAUSE);
                task.run();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
