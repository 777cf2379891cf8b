package io.weir.extproc.testing;

import io.weir.extproc.picker.PickerTarget;
import io.weir.picker.PoolPicker;
import io.weir.picker.pool.PickerRegistry;
import io.weir.routing.Pool;

/** A pool that does not change, with Weir's own picker for it. */
public record RegisteredTarget(Pool pool, PickerRegistry registry) implements PickerTarget {

    @Override
    public PoolPicker picker() {
        return registry.forPool(pool.key());
    }
}
