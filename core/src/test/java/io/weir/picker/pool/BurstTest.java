package io.weir.picker.pool;

import static io.weir.picker.pool.PoolTesting.pick;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.picker.EndpointSnapshot;
import io.weir.picker.PoolPicker;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

class BurstTest {

    private static final int ENDPOINTS = 10;
    private static final int REQUESTS = 1000;

    @Test
    void aThousandPicksAtOnceSpreadEvenly() throws InterruptedException {
        // Given
        PoolPicker picker = new PoolTesting().pool(ENDPOINTS);

        // When
        atOnce(8, REQUESTS / 8, () -> pick(picker));

        // Then
        int most =
                picker.endpoints().stream()
                        .mapToInt(EndpointSnapshot::inFlightRequests)
                        .max()
                        .orElseThrow();
        assertThat(most).isLessThanOrEqualTo(REQUESTS / ENDPOINTS * 11 / 10);
    }

    private static void atOnce(int threads, int times, Runnable task) throws InterruptedException {
        CountDownLatch start = new CountDownLatch(1);
        List<Thread> started = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
            started.add(
                    Thread.ofPlatform()
                            .start(() -> {
                                await(start);
                                for (int i = 0; i < times; i++) {
                                    task.run();
                                }
                            }));
        }
        start.countDown();
        for (Thread thread : started) {
            thread.join();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
