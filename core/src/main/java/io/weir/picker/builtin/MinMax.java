package io.weir.picker.builtin;

import io.weir.picker.plugin.PickContext;

/** Scores by where a candidate's value lies between the least and the most of all candidates. */
final class MinMax {

    private MinMax() {}

    /** Gives 1 to the least, 0 to the most, and 1 to all where they are equal. */
    static void leastIsBest(PickContext context, double[] values) {
        double least = Double.POSITIVE_INFINITY;
        double most = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < context.size(); i++) {
            least = Math.min(least, values[i]);
            most = Math.max(most, values[i]);
        }
        for (int i = 0; i < context.size(); i++) {
            values[i] = most == least ? 1 : (most - values[i]) / (most - least);
        }
    }
}
