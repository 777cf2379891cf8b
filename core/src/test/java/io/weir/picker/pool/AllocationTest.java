package io.weir.picker.pool;

import static io.weir.picker.pool.PoolTesting.picked;
import static io.weir.picker.pool.PoolTesting.request;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;

import io.weir.picker.PickRequest;
import io.weir.picker.PoolPicker;
import io.weir.picker.Reservation.End;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.lang.management.ManagementFactory;

class AllocationTest {

    private static final int PICKS = 2000;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @ParameterizedTest
    @ValueSource(ints = {5, 100, 1000})
    void aPickAllocatesNothingButItsResultHoweverManyEndpointsThereAre(int endpoints) {
        // Given
        PoolPicker picker = new PoolTesting().pool(endpoints);
        PickRequest request = request(new byte[4000]);
        pickOften(picker, request);

        // When
        long before = threads.getCurrentThreadAllocatedBytes();
        pickOften(picker, request);
        long bytesPerPick = (threads.getCurrentThreadAllocatedBytes() - before) / PICKS;

        // Then
        assertThat(bytesPerPick).isLessThan(300);
    }

    private static void pickOften(PoolPicker picker, PickRequest request) {
        for (int i = 0; i < PICKS; i++) {
            picked(picker.pick(request)).release(End.COMPLETED, 1);
        }
    }
}
