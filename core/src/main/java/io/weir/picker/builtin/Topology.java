package io.weir.picker.builtin;

import io.weir.picker.plugin.PickContext;
import io.weir.picker.state.EndpointState;

import org.jspecify.annotations.Nullable;

import java.util.Map;

/** How near two endpoints are, by the labels of their Pods. */
enum Topology {
    HOST("kubernetes.io/hostname", 1),
    RACK("topology.kubernetes.io/rack", 0.2),
    ZONE("topology.kubernetes.io/zone", 0.05),
    REGION("topology.kubernetes.io/region", 0.02);

    private static final Topology[] NEAREST_FIRST = values();

    private final String label;
    private final double score;

    Topology(String label, double score) {
        this.label = label;
        this.score = score;
    }

    double score() {
        return score;
    }

    /** Returns the nearest that two endpoints share; null when they share nothing known. */
    static @Nullable Topology shared(EndpointState one, EndpointState other) {
        Map<String, String> labels = one.endpoint().labels();
        Map<String, String> others = other.endpoint().labels();
        for (Topology topology : NEAREST_FIRST) {
            String value = labels.get(topology.label);
            if (value != null && !value.isEmpty() && value.equals(others.get(topology.label))) {
                return topology;
            }
        }
        return null;
    }

    /** Returns the endpoint to be near to: what the profile before chose; null when none did. */
    static @Nullable EndpointState peer(PickContext context) {
        return context.peer();
    }
}
