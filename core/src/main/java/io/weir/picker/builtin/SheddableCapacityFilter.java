package io.weir.picker.builtin;

import io.weir.picker.plugin.Filter;
import io.weir.picker.plugin.PickContext;

/**
 * {@code sheddable-capacity-filter}: for requests of negative priority keeps only servers with
 * capacity to spare; others pass.
 *
 * @param queueThreshold most requests in the queue
 * @param kvCacheThreshold highest use of the KV cache, 0..1
 */
record SheddableCapacityFilter(int queueThreshold, double kvCacheThreshold) implements Filter {

    @Override
    public void filter(PickContext context) {
        boolean sheddable = context.request().priority() < 0;
        for (int i = 0; i < context.size(); i++) {
            if (!sheddable || hasCapacity(context, i)) {
                context.keep(i);
            }
        }
    }

    private boolean hasCapacity(PickContext context, int position) {
        return context.waitingRequests(position) <= queueThreshold
                && context.endpoint(position).kvCacheUsage() <= kvCacheThreshold;
    }
}
