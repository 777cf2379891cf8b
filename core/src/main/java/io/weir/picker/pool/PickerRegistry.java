package io.weir.picker.pool;

import io.weir.picker.Pickers;
import io.weir.picker.PoolPicker;
import io.weir.resource.ObjectKey;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;

/**
 * The pickers of all pools, kept as long as their pools exist. Thread-safe.
 *
 * <p>A pool that is asked for before it was applied has no endpoints until it is.
 */
public final class PickerRegistry implements Pickers, AutoCloseable {

    private final Map<ObjectKey, BuiltInPicker> pickers = new ConcurrentHashMap<>();
    private final ScratchPool scratches;
    private final LongSupplier nanoTime;

    /**
     * Returns a registry without pools.
     *
     * @param nanoTime a clock that only goes forward, in nanoseconds
     * @param seeds seeds for random choices between equals
     */
    public PickerRegistry(LongSupplier nanoTime, LongSupplier seeds) {
        this.nanoTime = nanoTime;
        this.scratches = new ScratchPool(seeds);
    }

    /** Returns a registry on the system's clock. */
    public static PickerRegistry create() {
        return new PickerRegistry(System::nanoTime, () -> ThreadLocalRandom.current().nextLong());
    }

    /** Creates, updates and retires pickers, so that there is one for each of these pools. */
    public synchronized void apply(Map<ObjectKey, PoolSpec> pools) {
        pools.forEach((key, spec) -> picker(key).update(spec.endpoints(), spec.settings()));
        pickers.keySet().retainAll(pools.keySet());
    }

    @Override
    public PoolPicker forPool(ObjectKey pool) {
        return picker(pool);
    }

    @Override
    public void close() {
        pickers.clear();
    }

    private BuiltInPicker picker(ObjectKey pool) {
        BuiltInPicker picker = pickers.get(pool);
        return picker != null ? picker : pickers.computeIfAbsent(pool, _ -> newPicker());
    }

    private BuiltInPicker newPicker() {
        return new BuiltInPicker(new EndpointPool(), scratches, nanoTime);
    }
}
