package io.weir.picker.builtin;

import io.weir.picker.plugin.PickContext;
import io.weir.picker.plugin.Scorer;
import io.weir.picker.prefix.PrefixSettings;
import io.weir.picker.state.Adapters;
import io.weir.picker.state.EndpointState;
import io.weir.picker.state.InFlight;
import io.weir.picker.state.Scraped;
import io.weir.picker.state.ServedModels;

import java.time.Duration;
import java.util.Optional;

/**
 * {@code expected-work-scorer}: by the work that a request makes and finds on a server, in tokens
 * of prefill. That is
 *
 * <ul>
 *   <li>prompts in flight that are not answered yet, as far as the server does not have them in its
 *       cache,
 *   <li>twice this prompt, as far as the server does not have it, and up to six times the fuller
 *       the cache is that it has to go into and the more of the pool's prompts is found in caches:
 *       what it pushes out will be missed,
 *   <li>a small charge for every request that shares the server, and a larger one for every request
 *       in its queue that came from elsewhere,
 *   <li>a charge for an adapter that the server has to load first, and
 *   <li>a charge for a KV cache that is about to overflow,
 * </ul>
 *
 * all of it times the factor by which the server is slower than its pool.
 *
 * <p>The score is {@code S / (S + work)}, which keeps the order of any amount of work. A long match
 * of the prompt thus outweighs a load that is not much higher than elsewhere, and no more.
 */
final class ExpectedWorkScorer implements Scorer {

    private static final double SCALE_TOKENS = 8192;
    private static final long FRESH_NANOS = Duration.ofSeconds(10).toNanos();

    private final WorkCosts costs;

    ExpectedWorkScorer(WorkCosts costs) {
        this.costs = costs;
    }

    @Override
    public void score(PickContext context, double[] scores) {
        String model = context.request().model();
        ServedModels all = context.servedByAll();
        ServedModels asked = all == null ? ServedModels.UNKNOWN : all;
        boolean isAdapter = model != null && asked.isAdapter(model);
        for (int i = 0; i < context.size(); i++) {
            EndpointState endpoint = context.endpoint(i);
            Scraped scraped = endpoint.scraped();
            double uncached = context.uncachedTokens(i);
            double work = load(context, i, endpoint, scraped, uncached);
            if (model != null && all == null && !endpoint.models().sameAs(asked)) {
                asked = endpoint.models();
                isAdapter = asked.isAdapter(model);
            }
            if (model != null && isAdapter) {
                work += adapter(endpoint, scraped.adapters(), model, context.nowNanos());
            }
            if (costs.countsPace()) {
                work *= endpoint.slowness();
            }
            scores[i] = SCALE_TOKENS / (SCALE_TOKENS + work);
        }
    }

    @Override
    public boolean predictsLatency() {
        return costs.countsPace();
    }

    @Override
    public Optional<PrefixSettings> prefixSettings() {
        return Optional.of(PrefixSettings.DEFAULT);
    }

    private double load(
            PickContext context,
            int position,
            EndpointState endpoint,
            Scraped scraped,
            double uncached) {
        InFlight inFlight = endpoint.inFlight();
        long prefill = inFlight.prefillTokens();
        double work =
                Math.max(0, prefill)
                        + costs.uncachedFactor() * uncached
                        + costs.runningTokens() * context.inFlightRequests(position);
        if (context.nowNanos() - scraped.takenNanos() < FRESH_NANOS) {
            work += foreign(scraped);
            // A cache that was all but empty at the last scrape is not full by now.
            if (scraped.kvCacheUsage() > costs.evictionFrom() / 2) {
                double usage = scraped.kvCacheUsage(prefill + inFlight.decodeTokens());
                work += kvCache(context, scraped, usage, uncached);
            }
        }
        return work;
    }

    private double foreign(Scraped scraped) {
        int foreign = scraped.foreignRequests();
        if (foreign == 0) {
            return 0;
        }
        int waiting = Math.clamp(scraped.waitingRequests(), 0, foreign);
        return waiting * costs.foreignWaitingTokens() + (foreign - waiting) * costs.runningTokens();
    }

    private double kvCache(PickContext context, Scraped scraped, double usage, double uncached) {
        // No branch: half of all servers are on either side, which no processor can foresee.
        double pressure = Math.max(0, usage - costs.evictionFrom()) / (1 - costs.evictionFrom());
        double work = pressure * costs.evictionFactor() * context.prefixes().reuse() * uncached;
        double capacity = (double) scraped.kvBlocks() * scraped.kvBlockTokens();
        double excess = (capacity > 0 ? usage + uncached / capacity : usage) - costs.kvTight();
        return excess > 0 ? work + excess / (1 - costs.kvTight()) * costs.kvTokens() : work;
    }

    private double adapter(EndpointState endpoint, Adapters adapters, String model, long nowNanos) {
        if (adapters.has(model) || endpoint.recentAdapters().has(model, nowNanos)) {
            return 0;
        }
        return adapters.max() == 0 || adapters.hasRoom()
                ? costs.adapterLoadTokens()
                : costs.adapterEvictionTokens();
    }
}
