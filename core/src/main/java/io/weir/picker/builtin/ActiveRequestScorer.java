package io.weir.picker.builtin;

import io.weir.picker.plugin.PickContext;
import io.weir.picker.plugin.Scorer;

/**
 * {@code active-request-scorer}: by the requests that this process has in flight.
 *
 * @param idleThreshold requests up to which a server counts as idle and scores 1
 * @param maxBusyScore what a server that is not idle scores at most, 0..1
 */
record ActiveRequestScorer(int idleThreshold, double maxBusyScore) implements Scorer {

    @Override
    public void score(PickContext context, double[] scores) {
        int most = 0;
        for (int i = 0; i < context.size(); i++) {
            most = Math.max(most, context.inFlightRequests(i));
        }
        for (int i = 0; i < context.size(); i++) {
            int requests = context.inFlightRequests(i);
            scores[i] =
                    requests <= idleThreshold
                            ? 1
                            : (double) (most - requests) / most * maxBusyScore;
        }
    }

    @Override
    public boolean readsServerLoad() {
        return false;
    }
}
