package io.weir.picker.builtin;

import io.weir.picker.plugin.PickContext;
import io.weir.picker.plugin.Scorer;

/** {@code running-requests-size-scorer}: the fewest running requests score 1, the most 0. */
final class RunningRequestsScorer implements Scorer {

    @Override
    public void score(PickContext context, double[] scores) {
        for (int i = 0; i < context.size(); i++) {
            scores[i] = context.runningRequests(i);
        }
        MinMax.leastIsBest(context, scores);
    }
}
