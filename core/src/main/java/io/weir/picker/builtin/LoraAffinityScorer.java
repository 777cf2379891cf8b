package io.weir.picker.builtin;

import io.weir.picker.plugin.PickContext;
import io.weir.picker.plugin.Scorer;
import io.weir.picker.state.Adapters;
import io.weir.picker.state.EndpointState;

/**
 * {@code lora-affinity-scorer}: 1 where the adapter is in use, 0.8 where there is room for one
 * more, 0.6 where it waits for room, 0 elsewhere. An adapter that a request was sent for within the
 * last seconds is in use, although the server may not have said so yet.
 */
final class LoraAffinityScorer implements Scorer {

    @Override
    public void score(PickContext context, double[] scores) {
        String model = context.request().model();
        for (int i = 0; i < context.size(); i++) {
            scores[i] = model == null ? 0 : score(context.endpoint(i), model, context.nowNanos());
        }
    }

    private static double score(EndpointState endpoint, String model, long nowNanos) {
        Adapters adapters = endpoint.scraped().adapters();
        if (adapters.active().contains(model) || endpoint.recentAdapters().has(model, nowNanos)) {
            return 1;
        }
        if (adapters.hasRoom()) {
            return 0.8;
        }
        return adapters.waiting().contains(model) ? 0.6 : 0;
    }
}
