package io.weir.picker.pool;

import static io.weir.picker.pool.PoolTesting.pick;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.picker.EndpointSnapshot;
import io.weir.picker.PickRequest;
import io.weir.picker.PoolPicker;
import io.weir.picker.state.Adapters;
import io.weir.picker.state.EndpointState;
import io.weir.picker.state.Scraped;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;

class BurstTest {

    private static final int ENDPOINTS = 10;
    private static final int REQUESTS = 1000;

    @ParameterizedTest
    @MethodSource
    void aThousandPicksAtOnceSpreadEvenly(String configText) throws InterruptedException {
        // Given
        PoolTesting testing = new PoolTesting();
        PoolPicker picker =
                configText.isEmpty()
                        ? testing.pool(ENDPOINTS)
                        : testing.pool(ENDPOINTS, configText);
        for (EndpointState endpoint : testing.watched) {
            endpoint.scraped(new Scraped(1, 0, 0, 0, 16, 25_000, Adapters.NONE, 0, 0));
        }

        // When
        atOnce(8, REQUESTS / 8, () -> pick(picker));

        // Then
        assertThat(mostInFlight(picker)).isLessThanOrEqualTo(REQUESTS / ENDPOINTS * 11 / 10);
    }

    static Stream<String> aThousandPicksAtOnceSpreadEvenly() {
        return Stream.of("", scorer("queue-scorer"), scorer("active-request-scorer"));
    }

    @Test
    void aThousandEqualPromptsAtOnceSpreadAsWell() throws InterruptedException {
        // Given
        PoolPicker picker = new PoolTesting().pool(ENDPOINTS);
        PickRequest request = PoolTesting.request(new byte[4096]);

        // When
        atOnce(8, REQUESTS / 8, () -> picker.pick(request));

        // Then
        assertThat(mostInFlight(picker)).isLessThanOrEqualTo(REQUESTS / ENDPOINTS * 13 / 10);
    }

    private static int mostInFlight(PoolPicker picker) {
        return picker.endpoints().stream()
                .mapToInt(EndpointSnapshot::inFlightRequests)
                .max()
                .orElseThrow();
    }

    private static String scorer(String type) {
        return """
        apiVersion: llm-d.ai/v1alpha1
        kind: EndpointPickerConfig
        plugins: [{type: %s}]
        """
                .formatted(type);
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
