package io.weir.picker.builtin;

import io.weir.picker.plugin.Filter;
import io.weir.picker.plugin.PickContext;
import io.weir.picker.state.EndpointState;

/**
 * {@code session-affinity-filter}: keeps the endpoint that a session is bound to, or all when it is
 * gone.
 *
 * @param affinity how sessions are bound
 */
record SessionAffinityFilter(SessionAffinity affinity) implements Filter, BindsSessions {

    @Override
    @SuppressWarnings("ReferenceEquality")
    public void filter(PickContext context) {
        EndpointState bound = affinity.bound(context);
        for (int i = 0; bound != null && i < context.size(); i++) {
            if (context.endpoint(i) == bound) {
                context.keep(i);
            }
        }
        context.keepAllIfNone();
    }
}
