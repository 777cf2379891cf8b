package io.weir.bench.propagation;

import java.util.concurrent.atomic.AtomicLong;

/** Requests that changes don't concern, one after the other on a thread of their own. */
final class Traffic implements AutoCloseable {

    /** Name of the route that they take. */
    static final String NAME = "steady";

    private static final long PAUSE_MILLIS = 2;

    private final Probe probe;
    private final Thread thread;
    private final AtomicLong requests = new AtomicLong();
    private final AtomicLong failures = new AtomicLong();
    private volatile boolean rests = true;

    Traffic(int port) {
        this.probe = new Probe(port);
        this.thread = Thread.ofPlatform().daemon().name(NAME).unstarted(this::run);
    }

    /** Begins to be ready to ask. */
    void start() {
        thread.start();
    }

    /** Asks from now on, or stops to ask. */
    void ask(boolean asks) {
        rests = !asks;
    }

    private void run() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                if (!rests) {
                    ask();
                }
                Thread.sleep(PAUSE_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void ask() {
        boolean answered = probe.ask("steady", "/" + NAME).startsWith("200");
        requests.incrementAndGet();
        failures.addAndGet(answered ? 0 : 1);
    }

    @Override
    public String toString() {
        return "requests meanwhile: %d, failed: %d".formatted(requests.get(), failures.get());
    }

    @Override
    public void close() {
        thread.interrupt();
        probe.close();
    }
}
