package io.weir.picker.pool;

import io.weir.picker.Endpoint;
import io.weir.picker.PickerSettings;

import java.util.List;

/**
 * What a pool consists of.
 *
 * @param endpoints the ready endpoints
 * @param settings how they are picked
 */
public record PoolSpec(List<Endpoint> endpoints, PickerSettings settings) {

    public PoolSpec {
        endpoints = List.copyOf(endpoints);
    }
}
