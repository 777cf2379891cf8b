package io.weir.picker.builtin;

import io.weir.picker.plugin.PickContext;
import io.weir.picker.plugin.Scorer;

/**
 * {@code load-aware-scorer}: 0.5 for an empty queue, falling to 0 at a threshold.
 *
 * @param threshold requests in the queue at which the score is 0
 */
record LoadAwareScorer(int threshold) implements Scorer {

    @Override
    public void score(PickContext context, double[] scores) {
        for (int i = 0; i < context.size(); i++) {
            double waiting = Math.min(context.waitingRequests(i), threshold);
            scores[i] = 0.5 * (1 - waiting / threshold);
        }
    }
}
