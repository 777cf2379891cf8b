package io.weir.bench.micro;

import io.weir.picker.Endpoint;
import io.weir.picker.PickerSettings;
import io.weir.picker.PoolPicker;
import io.weir.picker.builtin.BuiltInPlugins;
import io.weir.picker.pool.EndpointWatch;
import io.weir.picker.pool.PickerRegistry;
import io.weir.picker.pool.PoolSpec;
import io.weir.picker.state.Adapters;
import io.weir.picker.state.EndpointState;
import io.weir.picker.state.Scraped;
import io.weir.resource.ObjectKey;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.LongSupplier;
import java.util.function.ObjIntConsumer;
import java.util.random.RandomGenerator;

/** A pool of servers that have said how busy they are. */
final class Pool implements EndpointWatch {

    private static final ObjectKey KEY =
            new ObjectKey("inference.networking.k8s.io", "InferencePool", "default", "llama");

    private final RandomGenerator random;
    private final ObjIntConsumer<EndpointState> filled;
    private int begun;

    private Pool(RandomGenerator random, ObjIntConsumer<EndpointState> filled) {
        this.random = random;
        this.filled = filled;
    }

    static PoolPicker create(int endpoints, PickerSettings settings, long seed) {
        return create(endpoints, settings, seed, System::nanoTime);
    }

    static PoolPicker create(
            int endpoints, PickerSettings settings, long seed, LongSupplier nanoTime) {
        return create(endpoints, settings, seed, nanoTime, (_, _) -> {});
    }

    /**
     * @param filled may tell what a server holds, by its number
     */
    static PoolPicker create(
            int endpoints,
            PickerSettings settings,
            long seed,
            LongSupplier nanoTime,
            ObjIntConsumer<EndpointState> filled) {
        SplittableRandom random = new SplittableRandom(seed);
        PickerRegistry registry =
                new PickerRegistry(
                        List.of(new BuiltInPlugins()),
                        new Pool(random, filled),
                        nanoTime,
                        random::nextLong);
        var refused = registry.apply(Map.of(KEY, new PoolSpec(servers(endpoints), settings)));
        if (!refused.isEmpty()) {
            throw new IllegalArgumentException(refused.toString());
        }
        return registry.forPool(KEY);
    }

    @Override
    public void begin(EndpointState endpoint) {
        int waiting = random.nextInt(4);
        int running = random.nextInt(8, 64);
        double usage = random.nextDouble(0.2, 0.9);
        endpoint.scraped(
                new Scraped(
                        System.nanoTime(),
                        waiting,
                        running,
                        usage,
                        16,
                        25_813,
                        Adapters.NONE,
                        0,
                        0));
        filled.accept(endpoint, begun++);
    }

    @Override
    public void end(EndpointState endpoint) {}

    private static List<Endpoint> servers(int count) {
        List<Endpoint> servers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String name = "pod-" + i;
            servers.add(
                    new Endpoint(
                            name, name, "10.0.%d.%d".formatted(i >> 8, i & 255), 8000, Map.of()));
        }
        return servers;
    }
}
