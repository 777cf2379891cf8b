package io.weir.picker.builtin;

import io.weir.picker.plugin.PickContext;
import io.weir.picker.plugin.Scorer;

/** {@code queue-scorer}: the shortest queue of the candidates scores 1, the longest 0. */
final class QueueScorer implements Scorer {

    @Override
    public void score(PickContext context, double[] scores) {
        for (int i = 0; i < context.size(); i++) {
            scores[i] = context.waitingRequests(i);
        }
        MinMax.leastIsBest(context, scores);
    }
}
