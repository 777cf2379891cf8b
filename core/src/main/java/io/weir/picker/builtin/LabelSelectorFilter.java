package io.weir.picker.builtin;

import io.weir.picker.plugin.Filter;
import io.weir.picker.plugin.PickContext;

/**
 * {@code label-selector-filter}: keeps servers whose labels match.
 *
 * @param selector the selector
 */
record LabelSelectorFilter(LabelMatch selector) implements Filter {

    @Override
    public void filter(PickContext context) {
        for (int i = 0; i < context.size(); i++) {
            if (selector.matches(context.endpoint(i).endpoint().labels())) {
                context.keep(i);
            }
        }
    }

    @Override
    public boolean readsServerLoad() {
        return false;
    }
}
