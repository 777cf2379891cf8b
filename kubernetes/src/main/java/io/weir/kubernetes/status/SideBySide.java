package io.weir.kubernetes.status;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;

/** Does many things that wait for others, some of them at the same time. */
final class SideBySide {

    private SideBySide() {}

    /**
     * Does something for each number; returns when all are done.
     *
     * @param count numbers below this one
     * @param most how many are under way at the same time
     * @param action thread-safe
     */
    static void forEach(int count, int most, IntConsumer action) throws InterruptedException {
        int lanes = Math.min(count, most);
        AtomicInteger next = new AtomicInteger();
        Runnable lane =
                () -> {
                    for (int i = next.getAndIncrement(); i < count; i = next.getAndIncrement()) {
                        action.accept(i);
                    }
                };
        if (lanes <= 1) {
            lane.run();
            return;
        }
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < lanes; i++) {
                running.add(threads.submit(lane));
            }
            for (Future<?> each : running) {
                each.get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }
}
