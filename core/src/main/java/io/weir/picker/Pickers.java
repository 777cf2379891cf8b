package io.weir.picker;

import io.weir.resource.ObjectKey;

/** The pickers of all pools. */
@FunctionalInterface
public interface Pickers {

    /**
     * Returns the picker of a pool. The same picker is returned for the same key as long as the
     * pool exists, whatever changes in the configuration.
     */
    PoolPicker forPool(ObjectKey pool);
}
