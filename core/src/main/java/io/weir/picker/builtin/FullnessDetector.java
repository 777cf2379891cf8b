package io.weir.picker.builtin;

import io.weir.picker.plugin.Filter;
import io.weir.picker.plugin.PickContext;
import io.weir.picker.plugin.SaturationDetector;

/**
 * Says how full a pool is by how full each of its servers is, averaged. As a filter it keeps the
 * servers with room.
 */
sealed interface FullnessDetector extends SaturationDetector, Filter
        permits ConcurrencyDetector, UtilizationDetector {

    /** Returns how full a candidate is; 1 is full. */
    double fullness(PickContext context, int position);

    /** Returns by how much a server may be overfull before the filter drops it. */
    double headroom();

    @Override
    default double saturation(PickContext context) {
        double sum = 0;
        for (int i = 0; i < context.size(); i++) {
            sum += fullness(context, i);
        }
        return context.size() == 0 ? 1 : sum / context.size();
    }

    @Override
    default void filter(PickContext context) {
        for (int i = 0; i < context.size(); i++) {
            if (fullness(context, i) < 1 + headroom()) {
                context.keep(i);
            }
        }
    }
}
