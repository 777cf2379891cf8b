package io.weir.picker.builtin;

import io.weir.picker.plugin.Filter;
import io.weir.picker.plugin.PickContext;

/**
 * {@code least-queue-filter} and {@code least-kv-cache-filter}: keep the candidates whose value is
 * in the lowest part of the range, one part per candidate.
 *
 * @param measure the value
 */
record LeastFilter(Measure measure) implements Filter {

    /** A value of a candidate, lower being better. */
    @FunctionalInterface
    interface Measure {
        double of(PickContext context, int position);
    }

    static LeastFilter queue() {
        return new LeastFilter(PickContext::waitingRequests);
    }

    static LeastFilter kvCache() {
        return new LeastFilter((context, i) -> context.endpoint(i).kvCacheUsage());
    }

    @Override
    public void filter(PickContext context) {
        double least = Double.POSITIVE_INFINITY;
        double most = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < context.size(); i++) {
            double value = measure.of(context, i);
            least = Math.min(least, value);
            most = Math.max(most, value);
        }
        double limit = least + (most - least) / context.size();
        for (int i = 0; i < context.size(); i++) {
            if (measure.of(context, i) <= limit) {
                context.keep(i);
            }
        }
        // A value that rose between the two readings of a single candidate must not empty the list.
        context.keepAllIfNone();
    }
}
