package io.weir.picker.pool;

import io.weir.picker.Endpoint;
import io.weir.picker.plugin.Filter;
import io.weir.picker.plugin.PickContext;

import java.util.function.Predicate;

/** Keeps the endpoints that a proxy before us offered. */
final class SubsetFilter implements Filter {

    @Override
    public void filter(PickContext context) {
        Predicate<Endpoint> subset = context.request().subset();
        if (subset == null) {
            context.keepAll();
            return;
        }
        for (int i = 0; i < context.size(); i++) {
            if (subset.test(context.endpoint(i).endpoint())) {
                context.keep(i);
            }
        }
    }
}
