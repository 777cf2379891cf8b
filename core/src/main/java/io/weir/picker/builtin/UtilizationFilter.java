package io.weir.picker.builtin;

import io.weir.picker.plugin.Filter;
import io.weir.picker.plugin.PickContext;

import java.util.List;

/**
 * {@code utilization-filter}: drops servers of which one measure is above its limit.
 *
 * @param limits the measures and their limits
 * @param fallbackOnEmpty whether all stay when all would be dropped
 */
record UtilizationFilter(List<Limit> limits, boolean fallbackOnEmpty) implements Filter {

    UtilizationFilter {
        limits = List.copyOf(limits);
    }

    /** What is measured. */
    enum Measure {
        ACTIVE_REQUESTS {
            @Override
            double of(PickContext context, int position) {
                return context.inFlightRequests(position);
            }
        },
        RUNNING_REQUESTS {
            @Override
            double of(PickContext context, int position) {
                return context.runningRequests(position);
            }
        },
        WAITING_QUEUE {
            @Override
            double of(PickContext context, int position) {
                return context.waitingRequests(position);
            }
        },
        KV_CACHE_UTILIZATION {
            @Override
            double of(PickContext context, int position) {
                return context.endpoint(position).kvCacheUsage();
            }
        };

        abstract double of(PickContext context, int position);
    }

    /**
     * A limit.
     *
     * @param measure what is measured
     * @param most the highest value that stays
     */
    record Limit(Measure measure, double most) {}

    @Override
    public void filter(PickContext context) {
        for (int i = 0; i < context.size(); i++) {
            if (isWithin(context, i)) {
                context.keep(i);
            }
        }
        if (fallbackOnEmpty) {
            context.keepAllIfNone();
        }
    }

    private boolean isWithin(PickContext context, int position) {
        for (int i = 0; i < limits.size(); i++) {
            Limit limit = limits.get(i);
            if (limit.measure().of(context, position) > limit.most()) {
                return false;
            }
        }
        return true;
    }
}
