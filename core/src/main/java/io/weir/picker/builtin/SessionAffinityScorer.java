package io.weir.picker.builtin;

import io.weir.picker.plugin.PickContext;
import io.weir.picker.plugin.Scorer;
import io.weir.picker.state.EndpointState;

/**
 * {@code session-affinity-scorer}: 1 for the endpoint that a session is bound to.
 *
 * @param affinity how sessions are bound
 */
record SessionAffinityScorer(SessionAffinity affinity) implements Scorer, BindsSessions {

    @Override
    @SuppressWarnings("ReferenceEquality")
    public void score(PickContext context, double[] scores) {
        EndpointState bound = affinity.bound(context);
        for (int i = 0; i < context.size(); i++) {
            scores[i] = bound != null && context.endpoint(i) == bound ? 1 : 0;
        }
    }
}
