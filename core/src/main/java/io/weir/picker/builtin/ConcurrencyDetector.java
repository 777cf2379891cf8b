package io.weir.picker.builtin;

import io.weir.picker.plugin.PickContext;

/**
 * {@code concurrency-detector}: by the work in flight to the servers. As a filter it keeps servers
 * with room, and nothing when there is none.
 *
 * @param maxRequests requests of a full server
 * @param maxTokens tokens of a full server
 * @param mode what counts
 * @param headroom by how much a server may be overfull before the filter drops it
 */
record ConcurrencyDetector(int maxRequests, long maxTokens, Mode mode, double headroom)
        implements FullnessDetector {

    /** What counts. */
    enum Mode {
        REQUESTS,
        TOKENS,
        /** The fuller of both. */
        HYBRID
    }

    @Override
    public boolean readsServerLoad() {
        return false;
    }

    @Override
    public double fullness(PickContext context, int position) {
        double requests = (double) context.inFlightRequests(position) / maxRequests;
        double tokens = (double) context.inFlightTokens(position) / maxTokens;
        return switch (mode) {
            case REQUESTS -> requests;
            case TOKENS -> tokens;
            case HYBRID -> Math.max(requests, tokens);
        };
    }
}
