package io.weir.picker.builtin;

import io.weir.picker.plugin.Filter;
import io.weir.picker.plugin.PickContext;
import io.weir.picker.plugin.PrefixMatches;
import io.weir.picker.prefix.PrefixSettings;

import java.util.Optional;

/**
 * {@code prefix-cache-affinity-filter}: keeps servers that know most of the prompt, unless waiting
 * for them takes much longer than elsewhere.
 *
 * @param affinityThreshold share of the prompt from which a server is kept; 0 switches it off
 * @param explorationProbability how often all are kept for no reason, 0..1
 * @param maxTtftPenaltyMillis how much longer the best of them may take than the best of the
 *     others; 0 for any time
 * @param prefillTokensPerSecond how fast a server works out a prompt
 * @param predicted whether times are predicted by what was measured, where enough was; otherwise
 *     they come from the tokens in flight and {@code prefillTokensPerSecond}
 */
record PrefixCacheAffinityFilter(
        double affinityThreshold,
        double explorationProbability,
        double maxTtftPenaltyMillis,
        double prefillTokensPerSecond,
        boolean predicted)
        implements Filter {

    @Override
    public void filter(PickContext context) {
        if (!isInForce(context)) {
            context.keepAllIfNone();
            return;
        }
        double bestSticky = Double.POSITIVE_INFINITY;
        double bestOther = Double.POSITIVE_INFINITY;
        for (int i = 0; i < context.size(); i++) {
            double millis = waitMillis(context, i);
            if (isSticky(context, i)) {
                bestSticky = Math.min(bestSticky, millis);
                context.keep(i);
            } else {
                bestOther = Math.min(bestOther, millis);
            }
        }
        if (maxTtftPenaltyMillis > 0 && bestSticky - bestOther > maxTtftPenaltyMillis) {
            context.keepAll();
        }
        context.keepAllIfNone();
    }

    @Override
    public Optional<PrefixSettings> prefixSettings() {
        return Optional.of(PrefixSettings.DEFAULT);
    }

    @Override
    public boolean predictsLatency() {
        return predicted;
    }

    @Override
    public boolean readsServerLoad() {
        return predicted;
    }

    private boolean isInForce(PickContext context) {
        return affinityThreshold > 0
                && context.size() > 1
                && context.prefixes().totalBlocks() > 0
                && (explorationProbability == 0
                        || context.random().nextDouble() >= explorationProbability);
    }

    private boolean isSticky(PickContext context, int position) {
        PrefixMatches prefixes = context.prefixes();
        double matched = prefixes.matchedBlocks(context.index(position));
        return matched / prefixes.totalBlocks() >= affinityThreshold;
    }

    private double waitMillis(PickContext context, int position) {
        if (predicted && context.latencies().isTtftKnown()) {
            return context.latencies().ttftMillis(position);
        }
        return context.endpoint(position).inFlight().prefillTokens()
                / prefillTokensPerSecond
                * 1000;
    }
}
