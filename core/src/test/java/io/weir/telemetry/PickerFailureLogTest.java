package io.weir.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.picker.Endpoint;
import io.weir.picker.external.PickerFailure;
import io.weir.picker.external.PickerFailure.Cause;
import io.weir.picker.external.PickerFailure.Effect;
import io.weir.resource.ObjectKey;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

class PickerFailureLogTest {

    private static final ObjectKey A = new ObjectKey("g", "InferencePool", "default", "a");
    private static final ObjectKey B = new ObjectKey("g", "InferencePool", "default", "b");
    private static final PickerFailure FAILURE =
            new PickerFailure(Cause.UNREACHABLE, Effect.REFUSED, "no connection");

    private final List<String> lines = new ArrayList<>();
    private final PickerFailureLog log =
            new PickerFailureLog(
                    Duration.ofSeconds(10),
                    new PickerFailureLog.Lines() {
                        @Override
                        public void failed(ObjectKey pool, PickerFailure failure, long failures) {
                            lines.add(pool.name() + " " + failure.cause() + " " + failures);
                        }

                        @Override
                        public void well(ObjectKey pool) {
                            lines.add(pool.name() + " well");
                        }
                    });

    @Test
    void theFirstFailureIsToldAtOnceAndLaterOnesTogether() {
        finished(A, 100, 101, FAILURE);
        for (int second = 102; second < 111; second++) {
            finished(A, second, second, FAILURE);
        }
        finished(B, 105, 105, FAILURE);
        assertThat(lines).containsExactly("a UNREACHABLE 1", "b UNREACHABLE 1");
        finished(A, 111, 111, FAILURE);
        assertThat(lines).endsWith("a UNREACHABLE 10");
    }

    @Test
    void onlyARequestThatBeganAfterTheLastFailureShowsThatAllIsWell() {
        finished(A, 100, 101, FAILURE);
        finished(A, 100, 110, null);
        finished(B, 109, 110, null);
        assertThat(lines).hasSize(1);
        finished(A, 102, 110, null);
        finished(A, 103, 110, null);
        assertThat(lines).containsExactly("a UNREACHABLE 1", "a well");
        finished(A, 111, 112, FAILURE);
        assertThat(lines).endsWith("a UNREACHABLE 1");
    }

    private void finished(ObjectKey pool, long began, long ended, @Nullable PickerFailure failure) {
        ExchangeRecord exchange = new ExchangeRecord();
        exchange.pool = pool;
        exchange.receivedNanos = TimeUnit.SECONDS.toNanos(began);
        exchange.endNanos = TimeUnit.SECONDS.toNanos(ended);
        exchange.endpoint = new Endpoint("e", "", "10.0.0.1", 8000, Map.of());
        exchange.pickerFailure = failure;
        log.completed(exchange);
    }
}
