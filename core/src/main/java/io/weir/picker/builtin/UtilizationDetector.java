package io.weir.picker.builtin;

import io.weir.picker.plugin.PickContext;
import io.weir.picker.state.EndpointState;

/**
 * {@code utilization-detector}: by the fuller of queue and KV cache of each server, averaged. As a
 * filter it keeps servers that are not full, or all when all are.
 *
 * <p>A server that does not tell its queue or its cache is taken for empty in that respect:
 * dropping requests because nothing is known would make a pool without metrics unusable.
 *
 * @param queueDepthThreshold requests in the queue of a full server
 * @param kvCacheUtilThreshold use of the KV cache of a full server, 0..1
 * @param headroom by how much a server may be overfull before the filter drops it
 */
record UtilizationDetector(int queueDepthThreshold, double kvCacheUtilThreshold, double headroom)
        implements FullnessDetector {

    static final UtilizationDetector DEFAULT = new UtilizationDetector(5, 0.8, 0);

    @Override
    public void filter(PickContext context) {
        FullnessDetector.super.filter(context);
        context.keepAllIfNone();
    }

    @Override
    public double fullness(PickContext context, int position) {
        EndpointState endpoint = context.endpoint(position);
        boolean tellsQueue = endpoint.scraped().waitingRequests() >= 0;
        double queue = tellsQueue ? context.waitingRequests(position) : 0;
        return Math.max(
                queue / queueDepthThreshold, context.kvCacheUsage(position) / kvCacheUtilThreshold);
    }
}
