package io.weir.picker.builtin;

import io.weir.picker.plugin.PickContext;
import io.weir.picker.plugin.Scorer;
import io.weir.picker.prefix.PrefixSettings;
import io.weir.picker.state.Adapters;
import io.weir.picker.state.EndpointState;
import io.weir.picker.state.Scraped;

import java.time.Duration;
import java.util.Optional;

/**
 * {@code expected-work-scorer}: by the work that lies before the request's first token, in tokens
 * of prefill. That is
 *
 * <ul>
 *   <li>prompts in flight that are not answered yet, and this prompt, as far as the server does not
 *       have them in its cache,
 *   <li>a small charge for every request that shares the server, and a larger one for every request
 *       in its queue that came from elsewhere,
 *   <li>a charge for an adapter that the server has to load first, and
 *   <li>a charge for a KV cache that is about to overflow.
 * </ul>
 *
 * <p>The score is {@code S / (S + work)}, which keeps the order of any amount of work. A long match
 * of the prompt thus outweighs a load that is not much higher than elsewhere, and no more.
 */
final class ExpectedWorkScorer implements Scorer {

    private static final double SCALE_TOKENS = 8192;
    private static final double TOKENS_PER_RUNNING_REQUEST = 32;
    private static final double TOKENS_PER_FOREIGN_WAITING_REQUEST = 512;
    private static final double TOKENS_PER_ADAPTER_LOAD = 2048;
    private static final double TOKENS_PER_ADAPTER_EVICTION = 8192;
    private static final double KV_CACHE_TIGHT = 0.9;
    private static final double TOKENS_OF_FULL_KV_CACHE = 16_384;
    private static final long FRESH_NANOS = Duration.ofSeconds(10).toNanos();

    @Override
    public void score(PickContext context, double[] scores) {
        String model = context.request().model();
        for (int i = 0; i < context.size(); i++) {
            double work = prefill(context, i) + load(context, i);
            if (model != null) {
                work += adapter(context.endpoint(i), model, context.nowNanos());
            }
            scores[i] = SCALE_TOKENS / (SCALE_TOKENS + work);
        }
    }

    @Override
    public Optional<PrefixSettings> prefixSettings() {
        return Optional.of(PrefixSettings.DEFAULT);
    }

    private static double prefill(PickContext context, int position) {
        long before = context.endpoint(position).inFlight().prefillTokens();
        return (double) Math.max(0, before) + context.uncachedTokens(position);
    }

    private static double load(PickContext context, int position) {
        EndpointState endpoint = context.endpoint(position);
        double work = TOKENS_PER_RUNNING_REQUEST * context.inFlightRequests(position);
        Scraped scraped = endpoint.scraped();
        if (context.nowNanos() - scraped.takenNanos() < FRESH_NANOS) {
            work += foreign(scraped) + kvCache(endpoint.kvCacheUsage());
        }
        return work;
    }

    private static double foreign(Scraped scraped) {
        int foreign = scraped.foreignRequests();
        int waiting = Math.clamp(scraped.waitingRequests(), 0, foreign);
        return waiting * TOKENS_PER_FOREIGN_WAITING_REQUEST
                + (foreign - waiting) * TOKENS_PER_RUNNING_REQUEST;
    }

    private static double kvCache(double usage) {
        double over = Math.max(0, usage - KV_CACHE_TIGHT) / (1 - KV_CACHE_TIGHT);
        return over * TOKENS_OF_FULL_KV_CACHE;
    }

    private static double adapter(EndpointState endpoint, String model, long nowNanos) {
        Adapters adapters = endpoint.scraped().adapters();
        if (!endpoint.isAdapter(model)
                || adapters.active().contains(model)
                || adapters.waiting().contains(model)
                || endpoint.recentAdapters().has(model, nowNanos)) {
            return 0;
        }
        return adapters.max() == 0 || adapters.hasRoom()
                ? TOKENS_PER_ADAPTER_LOAD
                : TOKENS_PER_ADAPTER_EVICTION;
    }
}
