package io.weir.picker.builtin;

import io.weir.picker.plugin.PickContext;
import io.weir.picker.plugin.PrefixSource;
import io.weir.picker.plugin.Scorer;
import io.weir.picker.prefix.EventSource;
import io.weir.picker.prefix.PrefixSettings;

import org.jspecify.annotations.Nullable;

import java.util.Optional;

/**
 * {@code precise-prefix-cache-scorer}: scores by prefixes, and says where servers tell of their
 * caches.
 *
 * @param scorer what scores
 * @param settings how prompts are matched
 * @param events where servers publish what happens in their caches; null when another plugin says
 *     so
 */
record PrecisePrefixScorer(
        PrefixCacheScorer scorer, PrefixSettings settings, @Nullable EventSource events)
        implements Scorer, PrefixSource {

    @Override
    public void score(PickContext context, double[] scores) {
        scorer.score(context, scores);
    }

    @Override
    public Optional<PrefixSettings> prefixSettings() {
        return scorer.prefixSettings();
    }

    @Override
    public boolean readsServerLoad() {
        return false;
    }
}
