package io.weir.picker.builtin;

import io.weir.picker.plugin.Filter;
import io.weir.picker.plugin.PickContext;
import io.weir.picker.state.Adapters;
import io.weir.picker.state.EndpointState;

import org.jspecify.annotations.Nullable;

/**
 * {@code lora-affinity-filter}: keeps servers that have the adapter, or now and then those with
 * room for it, so that an adapter in demand spreads.
 *
 * @param threshold probability of keeping the former where there are both, 0..1
 */
record LoraAffinityFilter(double threshold) implements Filter {

    @Override
    public void filter(PickContext context) {
        String model = context.request().model();
        boolean someHave = false;
        boolean someHaveRoom = false;
        for (int i = 0; i < context.size(); i++) {
            boolean has = has(context, i, model);
            someHave |= has;
            someHaveRoom |= !has && hasRoom(context, i);
        }
        boolean wantsHolders =
                someHave && (!someHaveRoom || context.random().nextDouble() < threshold);
        for (int i = 0; i < context.size(); i++) {
            boolean has = has(context, i, model);
            if (wantsHolders ? has : !has && hasRoom(context, i)) {
                context.keep(i);
            }
        }
    }

    private static boolean has(PickContext context, int position, @Nullable String model) {
        EndpointState endpoint = context.endpoint(position);
        Adapters adapters = endpoint.scraped().adapters();
        return model != null
                && (adapters.active().contains(model)
                        || adapters.waiting().contains(model)
                        || endpoint.recentAdapters().has(model, context.nowNanos()));
    }

    private static boolean hasRoom(PickContext context, int position) {
        return context.endpoint(position).scraped().adapters().hasRoom();
    }
}
