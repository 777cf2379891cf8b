package io.weir.picker.pool;

import static io.weir.picker.pool.PoolTesting.POOL;
import static io.weir.picker.pool.PoolTesting.endpoints;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.picker.PickRequest;
import io.weir.picker.PickResult;
import io.weir.picker.PickResult.Queued;
import io.weir.picker.PickerSettings;
import io.weir.picker.PoolPicker;
import io.weir.picker.Ticket;
import io.weir.picker.builtin.BuiltInPlugins;
import io.weir.picker.state.EndpointState;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** A pool in front of which requests wait, in virtual time. */
final class QueueTesting {

    final AtomicLong nanos = new AtomicLong(1_000_000_000L);
    final List<EndpointState> watched = new ArrayList<>();
    final PickerRegistry registry =
            new PickerRegistry(
                    List.of(new BuiltInPlugins()),
                    new Watch(),
                    nanos::get,
                    new AtomicLong(7)::get,
                    (delay, callback) -> alarm(delay, callback));

    private final List<Ring> alarms = new ArrayList<>();

    private record Ring(long atNanos, Runnable callback) {}

    private final class Watch implements EndpointWatch {

        @Override
        public void begin(EndpointState endpoint) {
            watched.add(endpoint);
        }

        @Override
        public void end(EndpointState endpoint) {
            watched.remove(endpoint);
        }
    }

    PoolPicker pool(int endpoints, String config) {
        var spec = new PoolSpec(endpoints(endpoints), new PickerSettings(config, "test"));
        assertThat(registry.apply(Map.of(POOL, spec))).isEmpty();
        return registry.forPool(POOL);
    }

    void advance(Duration time) {
        long until = nanos.get() + time.toNanos();
        while (true) {
            Ring next =
                    alarms.stream()
                            .filter(ring -> ring.atNanos() <= until)
                            .min((a, b) -> Long.compare(a.atNanos(), b.atNanos()))
                            .orElse(null);
            if (next == null) {
                nanos.set(until);
                return;
            }
            alarms.remove(next);
            nanos.set(Math.max(nanos.get(), next.atNanos()));
            next.callback().run();
        }
    }

    private void alarm(long delayNanos, Runnable callback) {
        alarms.add(new Ring(nanos.get() + delayNanos, callback));
    }

    static PickRequest request(int priority) {
        return PickRequest.forModel("llama").priority(priority).build();
    }

    static Ticket ticket(PickResult result) {
        if (result instanceof Queued(Ticket ticket)) {
            return ticket;
        }
        throw new AssertionError("not queued: " + result);
    }
}
