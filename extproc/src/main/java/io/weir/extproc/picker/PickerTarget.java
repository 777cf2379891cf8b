package io.weir.extproc.picker;

import io.weir.picker.PoolPicker;
import io.weir.routing.Pool;

import org.jspecify.annotations.Nullable;

/** The pool that is picked from, as it is now. */
public interface PickerTarget {

    /** Returns the pool with its rewrites and objectives; null until it is known. */
    @Nullable Pool pool();

    /** Returns the pool's picker. */
    PoolPicker picker();
}
