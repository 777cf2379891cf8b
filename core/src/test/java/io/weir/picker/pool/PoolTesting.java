package io.weir.picker.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.picker.Endpoint;
import io.weir.picker.PickRequest;
import io.weir.picker.PickResult;
import io.weir.picker.PickResult.Picked;
import io.weir.picker.PickerSettings;
import io.weir.picker.PoolPicker;
import io.weir.picker.Reservation;
import io.weir.picker.builtin.BuiltInPlugins;
import io.weir.picker.state.EndpointState;
import io.weir.resource.ObjectKey;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/** Pools, endpoints and requests for tests. */
final class PoolTesting {

    static final ObjectKey POOL =
            new ObjectKey("inference.networking.k8s.io", "InferencePool", "default", "llama");

    final AtomicLong nanos = new AtomicLong(1_000_000_000L);
    final List<EndpointState> watched = new CopyOnWriteArrayList<>();

    private final EndpointWatch watch =
            new EndpointWatch() {
                @Override
                public void begin(EndpointState endpoint) {
                    watched.add(endpoint);
                }

                @Override
                public void end(EndpointState endpoint) {
                    watched.remove(endpoint);
                }
            };

    final PickerRegistry registry =
            new PickerRegistry(
                    List.of(new BuiltInPlugins()), watch, nanos::get, new AtomicLong(7)::get);

    PoolPicker pool(int endpoints) {
        registry.apply(Map.of(POOL, new PoolSpec(endpoints(endpoints), PickerSettings.DEFAULT)));
        return registry.forPool(POOL);
    }

    PoolPicker pool(int endpoints, String configText) {
        var settings = new PickerSettings(configText, "test");
        assertThat(registry.apply(Map.of(POOL, new PoolSpec(endpoints(endpoints), settings))))
                .isEmpty();
        return registry.forPool(POOL);
    }

    static PickRequest request(String model, boolean isRewritten) {
        return new PickRequest(model, isRewritten, List.of(), 10, -1, 0, "default-flow", null);
    }

    static PickRequest request(byte[] prompt) {
        return new PickRequest(
                "llama",
                false,
                List.of(ByteBuffer.wrap(prompt)),
                prompt.length / 4,
                -1,
                0,
                "default-flow",
                null);
    }

    static List<Endpoint> endpoints(int count) {
        List<Endpoint> endpoints = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            endpoints.add(endpoint(i));
        }
        return endpoints;
    }

    static Endpoint endpoint(int i) {
        return new Endpoint("pod-" + i, "pod-" + i, "10.0.0." + i, 8000, Map.of());
    }

    static PickRequest request(long promptTokens) {
        return new PickRequest(
                "llama", false, List.of(), promptTokens, -1, 0, "default-flow", null);
    }

    static Reservation pick(PoolPicker picker) {
        return picked(picker.pick(request(100)));
    }

    static Reservation picked(PickResult result) {
        if (result instanceof Picked(Reservation reservation)) {
            return reservation;
        }
        throw new AssertionError("not picked: " + result);
    }
}
