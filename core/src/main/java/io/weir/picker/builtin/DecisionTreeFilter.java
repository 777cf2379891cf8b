package io.weir.picker.builtin;

import io.weir.picker.plugin.Filter;
import io.weir.picker.plugin.PickContext;

import org.jspecify.annotations.Nullable;

/**
 * {@code decision-tree-filter}: runs a filter, and then another one depending on whether the first
 * left anything. What follows a success works on what was left, what follows a failure on what was
 * there before.
 *
 * @param current the filter; not itself a tree, which could lose candidates before it fails
 * @param onSuccess what follows when something was left
 * @param onFailure what follows when nothing was left
 */
record DecisionTreeFilter(Filter current, @Nullable Filter onSuccess, @Nullable Filter onFailure)
        implements Filter {

    @Override
    public void filter(PickContext context) {
        boolean success = context.apply(current);
        Filter next = success ? onSuccess : onFailure;
        if (next != null) {
            success = context.apply(next);
        }
        if (success) {
            context.keepAll();
        } else {
            context.keepNone();
        }
    }
}
