package io.weir.picker.builtin;

import io.weir.picker.plugin.PickContext;
import io.weir.picker.plugin.Scorer;
import io.weir.picker.prefix.PrefixSettings;
import io.weir.picker.state.Adapters;
import io.weir.picker.state.EndpointState;
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
 *   <li>three times this prompt, as far as the server does not have it, and up to six times the
 *       fuller the cache is that it has to go into and the more of the pool's prompts is found in
 *       caches: what it pushes out will be missed,
 *   <li>a charge for a KV cache that is fuller than those of the other candidates, the more of the
 *       pool's prompts is found in caches: what is there is of use only as long as none is full,
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
        double[] usages = context.doubles();
        for (int i = 0; i < context.size(); i++) {
            EndpointState endpoint = context.endpoint(i);
            Scraped scraped = endpoint.scraped();
            double uncached = context.uncachedTokens(i);
            usages[i] = usage(context, endpoint, scraped);
            double work = load(context, i, endpoint, scraped, usages[i], uncached);
            if (model != null && all == null && !endpoint.models().sameAs(asked)) {
                asked = endpoint.models();
                isAdapter = asked.isAdapter(model);
            }
            if (model != null && isAdapter) {
                work += adapter(endpoint, scraped.adapters(), model, context.nowNanos());
            }
            scores[i] = costs.countsPace() ? work * endpoint.slowness() : work;
        }
        chargeUneven(context, usages, scores);
        for (int i = 0; i < context.size(); i++) {
            scores[i] = SCALE_TOKENS / (SCALE_TOKENS + scores[i]);
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
            double usage,
            double uncached) {
        double work =
                Math.max(0, endpoint.inFlight().prefillTokens())
                        + costs.uncachedFactor() * uncached
                        + costs.runningTokens() * context.inFlightRequests(position);
        if (isFresh(context, scraped)) {
            work += foreign(scraped);
            if (isInUse(usage)) {
                work += kvCache(context, scraped, usage, uncached);
            }
        }
        return work;
    }

    /** Returns the use of a KV cache; NaN when it is not known. */
    private double usage(PickContext context, EndpointState endpoint, Scraped scraped) {
        double said = scraped.kvCacheUsage();
        if (!isFresh(context, scraped)) {
            return Double.NaN;
        }
        // A cache that was all but empty at the last scrape is not full by now.
        return isInUse(said) ? scraped.kvCacheUsage(endpoint.inFlight().tokens()) : said;
    }

    private boolean isInUse(double usage) {
        return usage > costs.evictionFrom() / 2;
    }

    private static boolean isFresh(PickContext context, Scraped scraped) {
        return context.nowNanos() - scraped.takenNanos() < FRESH_NANOS;
    }

    /** Charges for KV caches that are fuller than the mean, as far as prompts are found there. */
    private void chargeUneven(PickContext context, double[] usages, double[] work) {
        double tokens = context.prefixes().reuse() * costs.unevenTokens();
        if (tokens == 0) {
            return;
        }
        double sum = 0;
        int known = 0;
        for (int i = 0; i < context.size(); i++) {
            boolean isKnown = usages[i] >= 0;
            sum += isKnown ? usages[i] : 0;
            known += isKnown ? 1 : 0;
        }
        double mean = sum / Math.max(1, known);
        double even = Math.max(costs.evictionFrom(), mean);
        for (int i = 0; i < context.size(); i++) {
            if (usages[i] > even) {
                double pace = costs.countsPace() ? context.endpoint(i).slowness() : 1;
                work[i] += (usages[i] - mean) * tokens * pace;
            }
        }
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
