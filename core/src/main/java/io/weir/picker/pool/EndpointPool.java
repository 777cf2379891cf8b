package io.weir.picker.pool;

import io.weir.picker.Endpoint;
import io.weir.picker.PickerSettings;
import io.weir.picker.builtin.DefaultProfile;
import io.weir.picker.state.EndpointState;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The endpoints of one pool. Updates exclude one another; readers take the view and never wait. */
final class EndpointPool {

    private final Map<EndpointState.Key, EndpointState> states = new HashMap<>();
    private volatile PoolView view = new PoolView(new EndpointState[0], DefaultProfile.create());

    PoolView view() {
        return view;
    }

    synchronized void update(List<Endpoint> endpoints, PickerSettings settings) {
        Map<EndpointState.Key, EndpointState> next = new LinkedHashMap<>();
        for (Endpoint endpoint : endpoints) {
            next.computeIfAbsent(EndpointState.Key.of(endpoint), _ -> keepOrCreate(endpoint));
        }
        states.forEach((key, state) -> state.retired(!next.containsKey(key)));
        states.clear();
        states.putAll(next);
        view = new PoolView(next.values().toArray(EndpointState[]::new), DefaultProfile.create());
    }

    private EndpointState keepOrCreate(Endpoint endpoint) {
        EndpointState kept = states.get(EndpointState.Key.of(endpoint));
        if (kept == null) {
            return new EndpointState(endpoint);
        }
        kept.endpoint(endpoint);
        return kept;
    }
}
