package io.weir.picker.pool;

import io.weir.picker.plugin.Schedule;
import io.weir.picker.prefix.FirstBlocks;
import io.weir.picker.setup.PickerConfig;
import io.weir.picker.state.EndpointState;

import org.jspecify.annotations.Nullable;

/** The endpoints of a pool and the configuration that judges them, at one moment. Never changed. */
final class PoolView {

    private final EndpointState[] endpoints;
    private final PickerConfig config;
    private final @Nullable RoleStages stages;
    private final FirstBlocks.@Nullable Places beginnings;

    /**
     * @param beginnings where it says which endpoints may know a prompt; null when all may
     */
    PoolView(
            EndpointState[] endpoints,
            PickerConfig config,
            FirstBlocks.@Nullable Places beginnings) {
        this.endpoints = endpoints;
        this.config = config;
        this.beginnings = beginnings;
        this.stages = RoleStages.of(endpoints);
    }

    /** Returns the endpoints; the array is not to be changed. */
    EndpointState[] endpoints() {
        return endpoints;
    }

    PickerConfig config() {
        return config;
    }

    /** Returns where it says which endpoints may know a prompt; null when all may. */
    FirstBlocks.@Nullable Places beginnings() {
        return beginnings;
    }

    /** Returns who works in which stage; null when nobody has a role. */
    @Nullable RoleStages stages() {
        return stages;
    }

    Schedule schedule() {
        return config.schedule();
    }
}
