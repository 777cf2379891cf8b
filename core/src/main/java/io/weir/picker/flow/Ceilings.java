package io.weir.picker.flow;

import io.weir.picker.plugin.FlowPolicy.UsageLimit;

/** The saturation from which the requests of each band wait. Thread-safe. */
final class Ceilings {

    private Ceilings() {}

    /**
     * Returns a band's ceiling.
     *
     * @param bands bands by descending priority
     * @param rank place of the band among them
     * @param saturation the saturation now
     */
    static double of(UsageLimit limit, Band[] bands, int rank, double saturation) {
        return switch (limit) {
            case UsageLimit.Fixed(double ceiling) -> ceiling;
            case UsageLimit.PriorityHoldback holdback -> holdback(holdback, bands, rank);
            case UsageLimit.SoftReflective _ -> reflective(bands, rank, saturation);
        };
    }

    private static double holdback(UsageLimit.PriorityHoldback limit, Band[] bands, int rank) {
        int last = bands.length - 1;
        double range = limit.maxCeiling() - limit.minCeiling();
        if (last == 0) {
            return limit.maxCeiling();
        }
        if (!limit.byValue()) {
            return limit.maxCeiling() - rank * range / last;
        }
        double lowest = bands[last].priority();
        double share = (bands[rank].priority() - lowest) / (bands[0].priority() - lowest);
        return limit.minCeiling() + share * range;
    }

    private static double reflective(Band[] bands, int rank, double saturation) {
        if (rank == 0) {
            return 1;
        }
        double reflective = 1 - rank * saturation / (bands.length - 1);
        if (saturation < reflective) {
            return 1;
        }
        if (saturation >= 1 || saturation < 0.5) {
            return 0;
        }
        long every = Math.round(saturation / (1 - saturation));
        return bands[rank].ceilingCalls.incrementAndGet() % every == 0 ? 1 : 0;
    }
}
