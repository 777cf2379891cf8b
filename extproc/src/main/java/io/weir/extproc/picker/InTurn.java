package io.weir.extproc.picker;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Runs steps one after the other on whichever thread brings them: at once when nothing runs, else
 * on the thread that is at it. Nobody waits.
 */
final class InTurn {

    private final AtomicInteger steps = new AtomicInteger();
    private final Queue<Runnable> later = new ConcurrentLinkedQueue<>();

    void run(Runnable step) {
        later.add(step);
        if (steps.getAndIncrement() > 0) {
            return;
        }
        do {
            Runnable next = later.poll();
            if (next != null) {
                next.run();
            }
        } while (steps.decrementAndGet() > 0);
    }
}
