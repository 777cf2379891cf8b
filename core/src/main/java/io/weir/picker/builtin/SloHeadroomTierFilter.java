package io.weir.picker.builtin;

import io.weir.picker.plugin.Filter;
import io.weir.picker.plugin.PickContext;

/**
 * {@code slo-headroom-tier-filter}: keeps candidates that are expected to meet the latencies that
 * the request asks for, or those that are not, where all fail or, now and then, to learn how they
 * do. Without predictions all are kept.
 *
 * @param exploration how often those that are expected to fail are kept, 0..1
 * @param sloBuffer factor by which the wanted time per token is taken
 */
record SloHeadroomTierFilter(double exploration, double sloBuffer) implements Filter {

    @Override
    public void filter(PickContext context) {
        if (!context.latencies().areKnown()) {
            context.keepAll();
            return;
        }
        boolean wantsGood = exploration == 0 || context.random().nextDouble() >= exploration;
        keep(context, wantsGood);
        context.keepAllIfNone();
    }

    @Override
    public boolean predictsLatency() {
        return true;
    }

    private void keep(PickContext context, boolean good) {
        Slo slo = Slo.of(context.request(), sloBuffer);
        for (int i = 0; i < context.size(); i++) {
            if (slo.isMet(context, i) == good) {
                context.keep(i);
            }
        }
    }
}
