package io.weir.picker.pool;

import static io.weir.picker.pool.PoolTesting.picked;
import static io.weir.picker.pool.PoolTesting.request;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;

import io.weir.picker.PickRequest;
import io.weir.picker.PoolPicker;
import io.weir.picker.RequestDetails;
import io.weir.picker.RequestHeaders;
import io.weir.picker.Reservation;
import io.weir.picker.Reservation.End;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.List;

class AllocationTest {

    private static final int PICKS = 2000;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @ParameterizedTest
    @ValueSource(ints = {5, 100, 1000})
    void aPickAllocatesNothingButItsResultHoweverManyEndpointsThereAre(int endpoints) {
        // Given
        PoolPicker picker = new PoolTesting().pool(endpoints);

        // Then
        assertThat(bytesPerPick(picker)).isLessThan(150);
    }

    @ParameterizedTest
    @ValueSource(ints = {5, 100, 1000})
    void theReferenceProfileAllocatesNothingButItsResultEither(int endpoints) {
        // Given
        PoolPicker picker =
                new PoolTesting()
                        .pool(
                                endpoints,
                                """
                                apiVersion: llm-d.ai/v1alpha1
                                kind: EndpointPickerConfig
                                plugins:
                                - {type: queue-scorer}
                                - {type: kv-cache-utilization-scorer}
                                - {type: prefix-cache-scorer}
                                schedulingProfiles:
                                - name: default
                                  plugins:
                                  - {pluginRef: queue-scorer, weight: 2}
                                  - {pluginRef: kv-cache-utilization-scorer, weight: 2}
                                  - {pluginRef: prefix-cache-scorer, weight: 3}
                                """);

        // Then
        assertThat(bytesPerPick(picker)).isLessThan(150);
    }

    @Test
    void aPickAllocatesTheSameAfterDecisionsWereKept() {
        // Given
        PoolTesting testing = new PoolTesting();
        PoolPicker picker = testing.pool(100);
        testing.registry.decisions().switchOn(true);
        pickOften(picker, request(new byte[4000]));

        // When
        testing.registry.decisions().switchOn(false);

        // Then
        assertThat(bytesPerPick(picker)).isLessThan(150);
    }

    @Test
    void aStreamAllocatesWhatItIsMeasuredByAndLearningFromItNothing() {
        // Given
        PoolTesting testing = new PoolTesting();
        PoolPicker picker = testing.pool(100);
        stream(testing, picker);

        // When
        long before = threads.getCurrentThreadAllocatedBytes();
        stream(testing, picker);

        // Then
        long bytes = (threads.getCurrentThreadAllocatedBytes() - before) / PICKS;
        assertThat(bytes).isLessThan(300);
    }

    private static void stream(PoolTesting testing, PoolPicker picker) {
        PickRequest request =
                PickRequest.forModel("llama")
                        .prompt(List.of(ByteBuffer.wrap(new byte[4000])), 1000)
                        .details(new RequestDetails("", 0, 0, true, RequestHeaders.NONE, List.of()))
                        .build();
        for (int i = 0; i < PICKS; i++) {
            Reservation reservation = picked(picker.pick(request));
            testing.nanos.addAndGet(30_000_000);
            reservation.firstByte();
            testing.nanos.addAndGet(200_000_000);
            reservation.release(End.COMPLETED, 20);
        }
    }

    private long bytesPerPick(PoolPicker picker) {
        PickRequest request = request(new byte[4000]);
        pickOften(picker, request);
        long before = threads.getCurrentThreadAllocatedBytes();
        pickOften(picker, request);
        return (threads.getCurrentThreadAllocatedBytes() - before) / PICKS;
    }

    private static void pickOften(PoolPicker picker, PickRequest request) {
        for (int i = 0; i < PICKS; i++) {
            picked(picker.pick(request)).release(End.COMPLETED, 1);
        }
    }
}
