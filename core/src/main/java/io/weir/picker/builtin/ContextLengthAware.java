package io.weir.picker.builtin;

import io.weir.picker.plugin.Filter;
import io.weir.picker.plugin.PickContext;
import io.weir.picker.plugin.Scorer;

import org.jspecify.annotations.Nullable;

/**
 * {@code context-length-aware}: by how well the prompt's length fits the range of lengths that a
 * server's label names as {@code min-max}; as a filter, where it is switched on, keeps those whose
 * range the prompt is in.
 *
 * @param label label
 * @param filters whether servers that do not fit are dropped
 */
record ContextLengthAware(String label, boolean filters) implements Scorer, Filter {

    private static final double UNLABELLED = 0.5;

    @Override
    public void filter(PickContext context) {
        if (!filters) {
            context.keepAll();
            return;
        }
        long length = length(context);
        for (int i = 0; i < context.size(); i++) {
            String range = context.endpoint(i).endpoint().labels().get(label);
            if (range == null || isInside(range, length)) {
                context.keep(i);
            }
        }
    }

    @Override
    public void score(PickContext context, double[] scores) {
        long length = length(context);
        for (int i = 0; i < context.size(); i++) {
            String range = context.endpoint(i).endpoint().labels().get(label);
            scores[i] = range == null ? UNLABELLED : score(range, length);
        }
    }

    @Override
    public boolean readsServerLoad() {
        return false;
    }

    private static long length(PickContext context) {
        return Math.max(0, context.request().promptTokens());
    }

    private static boolean isInside(String range, long length) {
        return isRange(range) && length >= least(range) && length <= most(range);
    }

    private static double score(String range, long length) {
        if (!isRange(range)) {
            return 0;
        }
        long least = least(range);
        long most = most(range);
        if (length < least || length > most) {
            double distance = length < least ? least - length : length - most;
            return 0.3 / (1 + distance / 1000);
        }
        double width = most - least;
        if (width == 0) {
            return 1;
        }
        double narrow = 0.7 / (1 + width / 10_000);
        double room = 0.3 * (most - length) / width;
        return 0.3 + 0.7 * (narrow + room);
    }

    private static boolean isRange(@Nullable String range) {
        if (range == null) {
            return false;
        }
        int dash = range.indexOf('-');
        return dash > 0
                && isNumber(range, 0, dash)
                && isNumber(range, dash + 1, range.length())
                && least(range) <= most(range);
    }

    private static boolean isNumber(String text, int from, int to) {
        for (int i = from; i < to; i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return to > from && to - from < 18;
    }

    private static long least(String range) {
        return Long.parseLong(range, 0, range.indexOf('-'), 10);
    }

    private static long most(String range) {
        return Long.parseLong(range, range.indexOf('-') + 1, range.length(), 10);
    }
}
