package io.weir.picker.builtin;

import io.weir.picker.plugin.PickContext;
import io.weir.picker.plugin.PrefixMatches;
import io.weir.picker.plugin.Scorer;
import io.weir.picker.prefix.PrefixSettings;

import java.util.Optional;

/**
 * {@code prefix-cache-scorer}: the share of the prompt that a server knows, mixed with the length
 * of what it knows, which is what saves time.
 *
 * @param settings how prompts are matched
 * @param matchLengthWeight weight of the length, 0..1
 * @param matchLengthScaleTokens known tokens at which the length scores 1
 */
record PrefixCacheScorer(
        PrefixSettings settings, double matchLengthWeight, double matchLengthScaleTokens)
        implements Scorer {

    @Override
    public void score(PickContext context, double[] scores) {
        PrefixMatches prefixes = context.prefixes();
        int total = prefixes.totalBlocks();
        double blockTokens = (double) settings.blockBytes() / PrefixSettings.BYTES_PER_TOKEN;
        for (int i = 0; i < context.size(); i++) {
            double matched = total == 0 ? 0 : prefixes.matchedBlocks(context.index(i));
            double length = Math.min(1, matched * blockTokens / matchLengthScaleTokens);
            scores[i] =
                    matchLengthWeight * length * length
                            + (1 - matchLengthWeight) * matched / Math.max(1, total);
        }
    }

    @Override
    public Optional<PrefixSettings> prefixSettings() {
        return Optional.of(settings);
    }
}
