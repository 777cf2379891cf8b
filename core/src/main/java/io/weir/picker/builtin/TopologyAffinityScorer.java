package io.weir.picker.builtin;

import io.weir.picker.plugin.PickContext;
import io.weir.picker.plugin.Scorer;
import io.weir.picker.state.EndpointState;

/**
 * {@code topology-affinity-scorer}: by how near a server is to the one that another profile chose.
 */
final class TopologyAffinityScorer implements Scorer {

    @Override
    public void score(PickContext context, double[] scores) {
        EndpointState peer = Topology.peer(context);
        for (int i = 0; i < context.size(); i++) {
            Topology shared = peer == null ? null : Topology.shared(context.endpoint(i), peer);
            scores[i] = shared == null ? 0 : shared.score();
        }
    }

    @Override
    public boolean readsServerLoad() {
        return false;
    }
}
