package io.weir.simulator;

import io.weir.simulator.engine.Engine;
import io.weir.simulator.engine.Sequence;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;

/**
 * Drives an engine in real time on one virtual thread, which sleeps while there is nothing to do.
 * Other threads hand their calls over in a queue.
 */
final class EngineRunner implements AutoCloseable {

    private final Engine engine;
    private final ConcurrentLinkedQueue<Runnable> commands = new ConcurrentLinkedQueue<>();
    private final Thread thread;
    private volatile Engine.Stats stats;
    private volatile boolean closed;

    EngineRunner(Engine engine, String name) {
        this.engine = engine;
        this.stats = engine.stats();
        this.thread = Thread.ofVirtual().name(name).start(this::run);
    }

    void submit(Sequence sequence) {
        execute(() -> engine.submit(sequence, System.nanoTime()));
    }

    void cancel(Sequence sequence) {
        execute(() -> engine.cancel(sequence));
    }

    void slowDown(double factor) {
        execute(() -> engine.slowDown(factor));
    }

    void clearCache() {
        execute(engine::clearCache);
    }

    void unloadAdapter(String adapter) {
        execute(() -> engine.unloadAdapter(adapter));
    }

    Engine.Stats stats() {
        return stats;
    }

    private void execute(Runnable command) {
        commands.add(command);
        LockSupport.unpark(thread);
    }

    private void run() {
        while (!closed) {
            drain();
            long end = engine.beginStep(System.nanoTime());
            stats = engine.stats();
            if (end == Engine.IDLE) {
                if (commands.isEmpty()) {
                    LockSupport.park(this);
                }
                continue;
            }
            sleepUntil(end);
            engine.endStep(end);
        }
    }

    private void drain() {
        for (Runnable command = commands.poll(); command != null; command = commands.poll()) {
            command.run();
        }
    }

    private void sleepUntil(long endNanos) {
        for (long left = endNanos - System.nanoTime();
                left > 0 && !closed;
                left = endNanos - System.nanoTime()) {
            LockSupport.parkNanos(this, left);
        }
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
    }
}
