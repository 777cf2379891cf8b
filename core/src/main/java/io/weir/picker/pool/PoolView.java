package io.weir.picker.pool;

import io.weir.picker.plugin.Schedule;
import io.weir.picker.setup.PickerConfig;
import io.weir.picker.state.EndpointState;

/** The endpoints of a pool and the configuration that judges them, at one moment. Never changed. */
final class PoolView {

    private final EndpointState[] endpoints;
    private final PickerConfig config;

    PoolView(EndpointState[] endpoints, PickerConfig config) {
        this.endpoints = endpoints;
        this.config = config;
    }

    /** Returns the endpoints; the array is not to be changed. */
    EndpointState[] endpoints() {
        return endpoints;
    }

    PickerConfig config() {
        return config;
    }

    Schedule schedule() {
        return config.schedule();
    }
}
