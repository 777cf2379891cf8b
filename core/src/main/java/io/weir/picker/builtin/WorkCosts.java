package io.weir.picker.builtin;

import io.weir.picker.plugin.PluginParameters;

/**
 * What {@link ExpectedWorkScorer} takes things for, in tokens of prefill. The defaults were found
 * on the scorecard of {@code weir bench score}; {@code docs/routing-quality.md} shows what is lost
 * without each of them.
 *
 * @param uncachedFactor one token of the request's own prompt that the server does not have: its
 *     prefill holds up all that decode there, and pushes other prompts out of the cache
 * @param evictionFactor the same once more when the KV cache is full and all prompts are found in
 *     caches, as what it pushes out is still in use then; proportionally less between {@code
 *     evictionFrom} and full, and where less is found
 * @param evictionFrom use of the KV cache from which on that counts, 0..1
 * @param unevenTokens a KV cache that is full while the candidates' mean is an empty one, and all
 *     prompts are found in caches; proportionally less the less it is above the mean and the less
 *     is found, and nothing up to {@code evictionFrom}
 * @param runningTokens each request that shares the server
 * @param foreignWaitingTokens each request in its queue that came from elsewhere
 * @param adapterLoadTokens an adapter that the server has to load
 * @param adapterEvictionTokens an adapter that the server has to load when it has no room for one
 * @param kvTight use of the KV cache from which on it counts, 0..1
 * @param kvTokens a KV cache that is full; proportionally less between tight and full
 * @param countsPace whether all of it counts by as much more as the server's tokens come more
 *     slowly than those of its pool
 */
record WorkCosts(
        double uncachedFactor,
        double evictionFactor,
        double evictionFrom,
        double unevenTokens,
        double runningTokens,
        double foreignWaitingTokens,
        double adapterLoadTokens,
        double adapterEvictionTokens,
        double kvTight,
        double kvTokens,
        boolean countsPace) {

    static final WorkCosts DEFAULT =
            new WorkCosts(3, 3, 0.5, 131_072, 64, 512, 2048, 8192, 0.9, 16_384, true);

    private static final int MOST = 1 << 30;

    static WorkCosts of(PluginParameters p) {
        WorkCosts d = DEFAULT;
        return new WorkCosts(
                p.number("uncachedFactor", d.uncachedFactor, 0, MOST),
                p.number("evictionFactor", d.evictionFactor, 0, MOST),
                p.number("evictionFrom", d.evictionFrom, 0, 0.999),
                p.number("unevenTokens", d.unevenTokens, 0, MOST),
                p.number("runningTokens", d.runningTokens, 0, MOST),
                p.number("foreignWaitingTokens", d.foreignWaitingTokens, 0, MOST),
                p.number("adapterLoadTokens", d.adapterLoadTokens, 0, MOST),
                p.number("adapterEvictionTokens", d.adapterEvictionTokens, 0, MOST),
                p.number("kvTight", d.kvTight, 0, 0.999),
                p.number("kvTokens", d.kvTokens, 0, MOST),
                p.flag("countsPace", d.countsPace));
    }
}
