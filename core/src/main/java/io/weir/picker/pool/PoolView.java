package io.weir.picker.pool;

import io.weir.picker.plugin.Profile;
import io.weir.picker.state.EndpointState;

/** The endpoints of a pool and the profile that judges them, at one moment. Never changed. */
final class PoolView {

    private final EndpointState[] endpoints;
    private final Profile profile;

    PoolView(EndpointState[] endpoints, Profile profile) {
        this.endpoints = endpoints;
        this.profile = profile;
    }

    /** Returns the endpoints; the array is not to be changed. */
    EndpointState[] endpoints() {
        return endpoints;
    }

    Profile profile() {
        return profile;
    }
}
