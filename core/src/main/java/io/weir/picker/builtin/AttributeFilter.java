package io.weir.picker.builtin;

import io.weir.picker.plugin.Filter;
import io.weir.picker.plugin.PickContext;

import java.util.Arrays;

/**
 * {@code endpoint-attribute-filter}: keeps servers by the value of one of their metrics.
 *
 * @param attribute key of the metric
 * @param keepsMissing whether servers without a value stay
 * @param fallbackOnEmpty whether all stay when all would be dropped
 * @param rule which values stay
 */
record AttributeFilter(String attribute, boolean keepsMissing, boolean fallbackOnEmpty, Rule rule)
        implements Filter {

    /** Which values stay. */
    sealed interface Rule {

        /** Values that compare with a fixed one. */
        record Threshold(Comparison comparison, double value) implements Rule {}

        /** Values between two, both included. */
        record Range(double least, double most) implements Rule {}

        /** The best few. */
        record Top(int count, boolean higherIsBetter) implements Rule {}

        /** Values from a percentile of the candidates on. */
        record Percentile(double percentile, boolean higherIsBetter) implements Rule {}
    }

    /** How a value compares. */
    enum Comparison {
        LESS_THAN,
        LESS_THAN_OR_EQUAL,
        GREATER_THAN,
        GREATER_THAN_OR_EQUAL,
        EQUAL,
        NOT_EQUAL;

        boolean holds(double value, double other) {
            return switch (this) {
                case LESS_THAN -> value < other;
                case LESS_THAN_OR_EQUAL -> value <= other;
                case GREATER_THAN -> value > other;
                case GREATER_THAN_OR_EQUAL -> value >= other;
                case EQUAL -> value == other;
                case NOT_EQUAL -> value != other;
            };
        }
    }

    @Override
    public void filter(PickContext context) {
        switch (rule) {
            case Rule.Threshold(Comparison comparison, double limit) ->
                    keep(context, comparison, limit);
            case Rule.Range(double least, double most) -> keepRange(context, least, most);
            case Rule.Top(int count, boolean higher) -> keepTop(context, count, higher);
            case Rule.Percentile(double percentile, boolean higher) ->
                    keepPercentile(context, percentile, higher);
        }
        if (fallbackOnEmpty) {
            context.keepAllIfNone();
        }
    }

    private void keep(PickContext context, Comparison comparison, double limit) {
        for (int i = 0; i < context.size(); i++) {
            double value = context.endpoint(i).attribute(attribute);
            if (Double.isNaN(value) ? keepsMissing : comparison.holds(value, limit)) {
                context.keep(i);
            }
        }
    }

    private void keepRange(PickContext context, double least, double most) {
        for (int i = 0; i < context.size(); i++) {
            double value = context.endpoint(i).attribute(attribute);
            if (Double.isNaN(value) ? keepsMissing : value >= least && value <= most) {
                context.keep(i);
            }
        }
    }

    /** Where equal values straddle the end, those that come first stay. */
    private void keepTop(PickContext context, int count, boolean higher) {
        long[] sorted = context.longs();
        int known = sortedKeys(context, sorted, higher);
        if (known <= count) {
            keepKnownAnd(context, Long.MIN_VALUE, Integer.MAX_VALUE, higher);
            return;
        }
        long cutoff = sorted[known - count];
        int above = 0;
        for (int i = known - 1; i >= 0 && sorted[i] > cutoff; i--) {
            above++;
        }
        keepKnownAnd(context, cutoff, count - above, higher);
    }

    private void keepPercentile(PickContext context, double percentile, boolean higher) {
        long[] sorted = context.longs();
        int known = sortedKeys(context, sorted, true);
        int rank = known == 0 ? 0 : (int) Math.ceil(percentile / 100 * known);
        double cutoff = known == 0 ? 0 : value(sorted[Math.clamp(rank - 1, 0, known - 1)]);
        keep(
                context,
                higher ? Comparison.GREATER_THAN_OR_EQUAL : Comparison.LESS_THAN_OR_EQUAL,
                cutoff);
    }

    private void keepKnownAnd(PickContext context, long cutoff, int atCutoff, boolean higher) {
        int left = atCutoff;
        for (int i = 0; i < context.size(); i++) {
            double value = context.endpoint(i).attribute(attribute);
            boolean stays = keepsMissing;
            if (!Double.isNaN(value)) {
                long key = key(higher ? value : -value);
                stays = key > cutoff || (key == cutoff && left-- > 0);
            }
            if (stays) {
                context.keep(i);
            }
        }
    }

    private int sortedKeys(PickContext context, long[] keys, boolean higher) {
        int known = 0;
        for (int i = 0; i < context.size(); i++) {
            double value = context.endpoint(i).attribute(attribute);
            if (!Double.isNaN(value)) {
                keys[known++] = key(higher ? value : -value);
            }
        }
        Arrays.sort(keys, 0, known);
        return known;
    }

    /** Returns bits that sort like the number. */
    private static long key(double value) {
        long bits = Double.doubleToLongBits(value + 0.0);
        return bits ^ ((bits >> 63) & Long.MAX_VALUE);
    }

    private static double value(long key) {
        return Double.longBitsToDouble(key ^ ((key >> 63) & Long.MAX_VALUE));
    }
}
