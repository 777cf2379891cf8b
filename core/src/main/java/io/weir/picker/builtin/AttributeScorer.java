package io.weir.picker.builtin;

import io.weir.picker.plugin.PickContext;
import io.weir.picker.plugin.Scorer;

/**
 * {@code endpoint-attribute-scorer}: by where the value of a metric lies in a range; 0 without one.
 *
 * @param attribute key of the metric
 * @param lowerIsBetter whether the least value scores 1
 * @param least least value; NaN for that of the candidates
 * @param most highest value; NaN for that of the candidates
 */
record AttributeScorer(String attribute, boolean lowerIsBetter, double least, double most)
        implements Scorer {

    @Override
    public void score(PickContext context, double[] scores) {
        double from = least;
        double to = most;
        if (Double.isNaN(least)) {
            from = Double.POSITIVE_INFINITY;
            to = Double.NEGATIVE_INFINITY;
            for (int i = 0; i < context.size(); i++) {
                double value = context.endpoint(i).attribute(attribute);
                if (!Double.isNaN(value)) {
                    from = Math.min(from, value);
                    to = Math.max(to, value);
                }
            }
        }
        for (int i = 0; i < context.size(); i++) {
            scores[i] = score(context.endpoint(i).attribute(attribute), from, to);
        }
    }

    private double score(double value, double from, double to) {
        if (Double.isNaN(value)) {
            return 0;
        }
        if (to == from) {
            return 1;
        }
        double place = Math.clamp((value - from) / (to - from), 0.0, 1.0);
        return lowerIsBetter ? 1 - place : place;
    }
}
