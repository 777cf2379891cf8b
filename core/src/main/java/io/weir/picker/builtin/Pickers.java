package io.weir.picker.builtin;

import io.weir.picker.plugin.PickContext;
import io.weir.picker.plugin.Picker;

/** The ways from scores to an order. */
final class Pickers {

    /** {@code max-score-picker}: the best first. */
    static final Picker MAX_SCORE = (score, _) -> score;

    /** {@code random-picker}: in random order. */
    static final Picker RANDOM = (_, context) -> context.random().nextDouble();

    /**
     * {@code weighted-random-picker}: in random order, in which the chance to be next is
     * proportional to the score.
     *
     * @see <a href="https://doi.org/10.1016/j.ipl.2005.11.003">Efraimidis and Spirakis: Weighted
     *     random sampling with a reservoir</a>
     */
    static final Picker WEIGHTED_RANDOM =
            (score, context) -> score > 0 ? Math.pow(context.random().nextDouble(), 1 / score) : 0;

    private Pickers() {}

    /**
     * A picker whose choice is told with what comes after it.
     *
     * @param order the way from scores to an order
     * @param mostEndpoints endpoints that are told
     */
    record OfSeveral(Picker order, int mostEndpoints) implements Picker {

        @Override
        public double key(double score, PickContext context) {
            return order.key(score, context);
        }
    }
}
