package io.weir.picker.builtin;

import io.weir.picker.plugin.Filter;
import io.weir.picker.plugin.PickContext;
import io.weir.picker.state.EndpointState;

/**
 * {@code topology-affinity-filter}: keeps servers near the one that another profile chose, or all
 * when there is none.
 *
 * @param furthest how near they have to be at least
 */
record TopologyAffinityFilter(Topology furthest) implements Filter {

    @Override
    public void filter(PickContext context) {
        EndpointState peer = Topology.peer(context);
        for (int i = 0; peer != null && i < context.size(); i++) {
            Topology shared = Topology.shared(context.endpoint(i), peer);
            if (shared != null && shared.compareTo(furthest) <= 0) {
                context.keep(i);
            }
        }
        context.keepAllIfNone();
    }

    @Override
    public boolean readsServerLoad() {
        return false;
    }
}
