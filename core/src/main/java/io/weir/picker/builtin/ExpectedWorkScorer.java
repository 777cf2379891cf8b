package io.weir.picker.builtin;

import io.weir.picker.plugin.PickContext;
import io.weir.picker.plugin.Scorer;
import io.weir.picker.prefix.PrefixSettings;
import io.weir.picker.state.Adapters;
import io.weir.picker.state.EndpointState;
import io.weir.picker.state.Scraped;
import io.weir.picker.state.ServedModels;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Arrays;
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

    private static final int UNCACHED = 0;
    private static final int USAGES = 1;
    private static final int PACES = 2;
    private static final double SCALE_TOKENS = 8192;
    private static final long FRESH_NANOS = Duration.ofSeconds(10).toNanos();

    private final WorkCosts costs;

    ExpectedWorkScorer(WorkCosts costs) {
        this.costs = costs;
    }

    @Override
    public void score(PickContext context, double[] scores) {
        chargeAdapters(context, scores);
        if (isUnevenCharged(context)) {
            double[] usages = context.column(USAGES);
            double[] paces = context.column(PACES);
            chargeLoads(context, scores, usages, paces);
            chargeUneven(context, scores, usages, paces);
        } else {
            chargeLoads(context, scores, null, null);
        }
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

    /** Begins with what it takes to load the adapter that the request asks for, if it does. */
    private void chargeAdapters(PickContext context, double[] work) {
        Arrays.fill(work, 0, context.size(), 0);
        String model = context.request().model();
        ServedModels all = context.servedByAll();
        if (model == null || (all != null && !all.isAdapter(model))) {
            return;
        }
        // Most servers of a pool serve the same, and share one list.
        ServedModels asked = ServedModels.UNKNOWN;
        boolean isAdapter = false;
        for (int i = 0; i < context.size(); i++) {
            EndpointState endpoint = context.endpoint(i);
            if (!endpoint.models().sameAs(asked)) {
                asked = endpoint.models();
                isAdapter = asked.isAdapter(model);
            }
            if (isAdapter) {
                work[i] = adapter(endpoint, model, context.nowNanos());
            }
        }
    }

    /**
     * Adds what servers have before them. A pick among a thousand spends its time here: it is one
     * pass through them that writes down as little as possible.
     *
     * @param usages gets the use of each KV cache, NaN where it is not known; null if nobody asks
     * @param paces gets the factor by which each server is slower; null as well then
     */
    private void chargeLoads(
            PickContext context,
            double[] work,
            double @Nullable [] usages,
            double @Nullable [] paces) {
        double[] uncached = context.column(UNCACHED);
        context.uncachedTokens(uncached);
        int size = context.size();
        long now = context.nowNanos();
        double reuse = context.prefixes().reuse();
        for (int i = 0; i < size; i++) {
            EndpointState endpoint = context.endpoint(i);
            Scraped scraped = endpoint.scraped();
            double sum = load(endpoint, context.inFlightRequests(i), uncached[i]);
            double usage = Double.NaN;
            if (now - scraped.takenNanos() < FRESH_NANOS) {
                usage = usage(endpoint, scraped);
                sum += foreign(scraped);
                sum += isInUse(usage) ? kvCache(scraped, usage, uncached[i], reuse) : 0;
            }
            double pace = costs.countsPace() ? endpoint.slowness() : 1;
            work[i] = (sum + work[i]) * pace;
            if (usages != null && paces != null) {
                usages[i] = usage;
                paces[i] = pace;
            }
        }
    }

    private double load(EndpointState endpoint, int requests, double uncached) {
        return Math.max(0, endpoint.prefillTokens())
                + costs.uncachedFactor() * uncached
                + costs.runningTokens() * requests;
    }

    private double foreign(Scraped scraped) {
        int waiting = scraped.foreignWaiting();
        int running = scraped.foreignRequests() - waiting;
        return waiting * costs.foreignWaitingTokens() + running * costs.runningTokens();
    }

    /** Returns the use of a KV cache; NaN when the server does not say. */
    private double usage(EndpointState endpoint, Scraped scraped) {
        double said = scraped.kvCacheUsage();
        // A cache that was all but empty at the last scrape is not full by now.
        return isInUse(said) ? scraped.kvCacheUsage(endpoint.tokens()) : said;
    }

    private boolean isInUse(double usage) {
        return usage > costs.evictionFrom() / 2;
    }

    private double kvCache(Scraped scraped, double usage, double uncached, double reuse) {
        double work = reuse == 0 ? 0 : evictions(usage, uncached, reuse);
        double capacity = scraped.kvCacheTokens();
        double excess = (capacity > 0 ? usage + uncached / capacity : usage) - costs.kvTight();
        return excess > 0 ? work + excess / (1 - costs.kvTight()) * costs.kvTokens() : work;
    }

    private double evictions(double usage, double uncached, double reuse) {
        // No branch: half of all servers are on either side, which no processor can foresee.
        double pressure = Math.max(0, usage - costs.evictionFrom()) / (1 - costs.evictionFrom());
        return pressure * costs.evictionFactor() * reuse * uncached;
    }

    private boolean isUnevenCharged(PickContext context) {
        return context.prefixes().reuse() * costs.unevenTokens() != 0;
    }

    /** Charges for KV caches that are fuller than the mean, as far as prompts are found there. */
    private void chargeUneven(PickContext context, double[] work, double[] usages, double[] paces) {
        double tokens = context.prefixes().reuse() * costs.unevenTokens();
        int size = context.size();
        double mean = mean(usages, size);
        double even = Math.max(costs.evictionFrom(), mean);
        for (int i = 0; i < size; i++) {
            if (usages[i] > even) {
                work[i] += (usages[i] - mean) * tokens * paces[i];
            }
        }
    }

    private static double mean(double[] usages, int size) {
        double sum = 0;
        int known = 0;
        for (int i = 0; i < size; i++) {
            boolean isKnown = usages[i] >= 0;
            sum += isKnown ? usages[i] : 0;
            known += isKnown ? 1 : 0;
        }
        return sum / Math.max(1, known);
    }

    private double adapter(EndpointState endpoint, String model, long nowNanos) {
        Adapters adapters = endpoint.scraped().adapters();
        if (adapters.has(model) || endpoint.recentAdapters().has(model, nowNanos)) {
            return 0;
        }
        return adapters.max() == 0 || adapters.hasRoom()
                ? costs.adapterLoadTokens()
                : costs.adapterEvictionTokens();
    }
}
