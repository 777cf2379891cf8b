package io.weir.bench.score;

import io.weir.picker.plugin.PickContext;
import io.weir.picker.plugin.PluginFactory;
import io.weir.picker.plugin.PluginProvider;
import io.weir.picker.plugin.Scorer;
import io.weir.picker.state.Scraped;

import java.util.Map;

/**
 * Scorers as the llm-d router has them, in place of Weir's own of the same names: they take what
 * was scraped as it was scraped, one goes by prompts that were sent before, and the precise one
 * knows every cache as it is at that moment.
 */
final class ReferencePlugins implements PluginProvider {

    private final PolicyContext.Truth truth;

    ReferencePlugins(PolicyContext.Truth truth) {
        this.truth = truth;
    }

    @Override
    public Map<String, PluginFactory> factories() {
        Scorer queue = ReferencePlugins::queue;
        Scorer kvCache = ReferencePlugins::kvCache;
        Scorer precise = this::precise;
        return Map.of(
                "queue-scorer", (_, _) -> queue,
                "kv-cache-utilization-scorer", (_, _) -> kvCache,
                "prefix-cache-scorer", (_, _) -> new ReferencePrefixScorer(),
                "precise-prefix-cache-scorer", (_, _) -> precise);
    }

    /** The shortest queue scores 1, the longest 0; all 1 when all are equal. */
    private static void queue(PickContext context, double[] scores) {
        double least = Double.POSITIVE_INFINITY;
        double most = 0;
        for (int i = 0; i < context.size(); i++) {
            scores[i] = Math.max(0, context.endpoint(i).scraped().waitingRequests());
            least = Math.min(least, scores[i]);
            most = Math.max(most, scores[i]);
        }
        for (int i = 0; i < context.size(); i++) {
            scores[i] = most == least ? 1 : (most - scores[i]) / (most - least);
        }
    }

    private static void kvCache(PickContext context, double[] scores) {
        for (int i = 0; i < context.size(); i++) {
            Scraped scraped = context.endpoint(i).scraped();
            double usage = scraped.kvCacheUsage();
            scores[i] = 1 - (usage > 0 ? usage : 0);
        }
    }

    private void precise(PickContext context, double[] scores) {
        double tokens = truth.request().promptTokens();
        for (int i = 0; i < context.size(); i++) {
            scores[i] = truth.cachedTokens(context.endpoint(i).endpoint()) / tokens;
        }
    }
}
