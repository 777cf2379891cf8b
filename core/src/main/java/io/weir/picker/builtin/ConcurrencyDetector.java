package io.weir.picker.builtin;

import io.weir.picker.plugin.Filter;
import io.weir.picker.plugin.PickContext;
import io.weir.picker.plugin.SaturationDetector;
import io.weir.picker.prefix.PrefixSettings;

import java.util.Optional;

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
        implements SaturationDetector, Filter {

    /** What counts. */
    enum Mode {
        REQUESTS,
        TOKENS,
        /** The fuller of both. */
        HYBRID
    }

    @Override
    public double saturation(PickContext context) {
        double sum = 0;
        for (int i = 0; i < context.size(); i++) {
            sum += fullness(context, i);
        }
        return context.size() == 0 ? 1 : sum / context.size();
    }

    @Override
    public void filter(PickContext context) {
        for (int i = 0; i < context.size(); i++) {
            if (fullness(context, i) < 1 + headroom) {
                context.keep(i);
            }
        }
    }

    @Override
    public Optional<PrefixSettings> prefixSettings() {
        return Optional.empty();
    }

    @Override
    public boolean readsServerLoad() {
        return false;
    }

    private double fullness(PickContext context, int position) {
        double requests = (double) context.inFlightRequests(position) / maxRequests;
        double tokens = (double) context.inFlightTokens(position) / maxTokens;
        return switch (mode) {
            case REQUESTS -> requests;
            case TOKENS -> tokens;
            case HYBRID -> Math.max(requests, tokens);
        };
    }
}
