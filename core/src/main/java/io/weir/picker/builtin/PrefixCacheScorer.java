package io.weir.picker.builtin;

import io.weir.picker.plugin.PickContext;
import io.weir.picker.plugin.PrefixMatches;
import io.weir.picker.plugin.Scorer;
import io.weir.picker.prefix.PrefixSettings;

import org.jspecify.annotations.Nullable;

import java.util.Optional;

/**
 * {@code prefix-cache-scorer}: the share of the prompt that a server knows, mixed with the length
 * of what it knows, which is what saves time.
 *
 * @param settings how prompts are matched; null for the way of the other plugins
 * @param matchLengthWeight weight of the length, 0..1
 * @param matchLengthScaleTokens known tokens at which the length scores 1
 */
record PrefixCacheScorer(
        @Nullable PrefixSettings settings, double matchLengthWeight, double matchLengthScaleTokens)
        implements Scorer {

    @Override
    public void score(PickContext context, double[] scores) {
        PrefixMatches prefixes = context.prefixes();
        int total = prefixes.totalBlocks();
        double blockTokens = prefixes.blockTokens();
        for (int i = 0; i < context.size(); i++) {
            double matched = total == 0 ? 0 : matched(prefixes, context.index(i));
            double length = Math.min(1, matched * blockTokens / matchLengthScaleTokens);
            scores[i] =
                    matchLengthWeight * length * length
                            + (1 - matchLengthWeight) * matched / Math.max(1, total);
        }
    }

    @Override
    public Optional<PrefixSettings> prefixSettings() {
        return Optional.of(settings == null ? PrefixSettings.DEFAULT : settings);
    }

    @Override
    public boolean readsServerLoad() {
        return false;
    }

    private int matched(PrefixMatches prefixes, int index) {
        return settings == null
                ? prefixes.matchedBlocks(index)
                : prefixes.matchedBlocks(index, settings);
    }
}
