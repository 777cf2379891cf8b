package io.weir.picker.builtin;

import io.weir.picker.HeaderField;
import io.weir.picker.plugin.Chosen;
import io.weir.picker.plugin.PickContext;
import io.weir.picker.plugin.PickObserver;
import io.weir.picker.plugin.Scorer;
import io.weir.picker.state.EndpointState;

import java.util.function.Consumer;

/**
 * {@code session-affinity-scorer}: 1 for the endpoint that a session is bound to.
 *
 * @param affinity how sessions are bound
 */
record SessionAffinityScorer(SessionAffinity affinity) implements Scorer, PickObserver {

    @Override
    @SuppressWarnings("ReferenceEquality")
    public void score(PickContext context, double[] scores) {
        EndpointState bound = affinity.bound(context);
        for (int i = 0; i < context.size(); i++) {
            scores[i] = bound != null && context.endpoint(i) == bound ? 1 : 0;
        }
    }

    @Override
    public void picked(PickContext context, Chosen chosen, Consumer<HeaderField> headers) {
        affinity.picked(context, chosen);
    }

    @Override
    public void answerHeaders(Chosen chosen, Consumer<HeaderField> headers) {
        affinity.answerHeaders(chosen, headers);
    }

    @Override
    public boolean readsServerLoad() {
        return false;
    }
}
