package io.weir.picker.pool;

import static io.weir.picker.pool.PoolTesting.picked;
import static io.weir.picker.pool.PoolTesting.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.picker.PoolPicker;
import io.weir.picker.Reservation;
import io.weir.picker.Reservation.End;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.SplittableRandom;

class ManyEndpointsTest {

    private final PoolTesting testing = new PoolTesting();

    @Test
    void aPromptGoesBackToItsServerThroughAllSizesOfThePool() {
        // Given
        PoolPicker picker = testing.pool(20);
        List<byte[]> prompts = new ArrayList<>();
        List<String> servers = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            byte[] prompt = new byte[4000];
            new SplittableRandom(i).nextBytes(prompt);
            prompts.add(prompt);
            servers.add(serverOf(picker, prompt));
        }
        assertThat(new HashSet<>(servers)).hasSizeGreaterThan(1);

        // When
        for (int size : new int[] {40, 200, 64, 65, 250, 33, 31, 20, 100}) {
            testing.pool(size);

            // Then
            for (int i = 0; i < prompts.size(); i++) {
                assertThat(serverOf(picker, prompts.get(i)))
                        .describedAs("prompt %d, %d servers", i, size)
                        .isEqualTo(servers.get(i));
            }
        }
    }

    private static String serverOf(PoolPicker picker, byte[] prompt) {
        Reservation reservation = picked(picker.pick(request(prompt)));
        reservation.release(End.COMPLETED, 10);
        return reservation.current().name();
    }
}
