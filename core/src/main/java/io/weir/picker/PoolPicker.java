package io.weir.picker;

import java.util.List;

/** Picks endpoints of one pool. Thread-safe. */
public interface PoolPicker {

    /**
     * Picks endpoints for a request, or says why none can be had. The first endpoint's in-flight
     * count is raised before this returns. Never blocks.
     */
    PickResult pick(PickRequest request);

    /**
     * Replaces the endpoints; the state of those that stay is kept, reservations on those that go
     * remain valid.
     *
     * @throws IllegalArgumentException when the settings cannot be used; then the endpoints are
     *     replaced and the former settings stay
     */
    void update(List<Endpoint> endpoints, PickerSettings settings);

    /** Returns what is known of each endpoint now. */
    List<EndpointSnapshot> endpoints();
}
