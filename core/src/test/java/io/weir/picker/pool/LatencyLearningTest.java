package io.weir.picker.pool;

import static io.weir.picker.pool.PoolTesting.picked;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.picker.PickRequest;
import io.weir.picker.PoolPicker;
import io.weir.picker.RequestDetails;
import io.weir.picker.RequestHeaders;
import io.weir.picker.Reservation;
import io.weir.picker.Reservation.End;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;

/** Pools whose first server takes three times as long as the others. */
class LatencyLearningTest {

    private static final String BY_LATENCY =
            """
            apiVersion: llm-d.ai/v1alpha1
            kind: EndpointPickerConfig
            plugins:
            - type: predicted-latency-producer
            - type: latency-scorer
            schedulingProfiles:
            - name: default
              plugins:
              - pluginRef: latency-scorer
            """;

    private final PoolTesting testing = new PoolTesting();
    private final PoolPicker picker = testing.pool(4, BY_LATENCY);

    @Test
    void streamsAreSentToFastServersOnceEnoughWereMeasured() {
        requests(1_000, true);

        assertThat(requests(200, true)).isLessThan(10);
    }

    @Test
    void wholeAnswersTeachNothingSinceTheirFirstTokenIsNotSeen() {
        requests(1_000, false);

        assertThat(requests(200, false)).isGreaterThan(20);
    }

    @Test
    void aRequestThatWasMovedToAnotherServerTeachesNothing() {
        for (int i = 0; i < 1_000; i++) {
            Reservation reservation = picked(picker.pick(request(true)));
            reservation.next();
            finish(reservation);
        }

        assertThat(requests(100, false)).isGreaterThan(10);
    }

    /** Sends requests one after the other; returns how many the slow server got. */
    private int requests(int count, boolean streamed) {
        int slow = 0;
        for (int i = 0; i < count; i++) {
            Reservation reservation = picked(picker.pick(request(streamed)));
            slow += isSlow(reservation) ? 1 : 0;
            finish(reservation);
        }
        return slow;
    }

    private void finish(Reservation reservation) {
        int factor = isSlow(reservation) ? 3 : 1;
        testing.nanos.addAndGet(Duration.ofMillis(40L * factor).toNanos());
        reservation.firstByte();
        testing.nanos.addAndGet(Duration.ofMillis(500L * factor).toNanos());
        reservation.release(End.COMPLETED, 50);
    }

    private static boolean isSlow(Reservation reservation) {
        return reservation.current().name().equals("pod-0");
    }

    private static PickRequest request(boolean streamed) {
        return PickRequest.forModel("llama")
                .prompt(List.of(), 500)
                .details(new RequestDetails("", 0, 0, streamed, RequestHeaders.NONE, List.of()))
                .build();
    }
}
