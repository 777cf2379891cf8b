package io.weir.picker.builtin;

import io.weir.picker.plugin.PickContext;
import io.weir.picker.plugin.Scorer;

/** {@code kv-cache-utilization-scorer}: the share of the KV cache that is free. */
final class KvCacheScorer implements Scorer {

    @Override
    public void score(PickContext context, double[] scores) {
        for (int i = 0; i < context.size(); i++) {
            scores[i] = 1 - context.endpoint(i).kvCacheUsage();
        }
    }
}
