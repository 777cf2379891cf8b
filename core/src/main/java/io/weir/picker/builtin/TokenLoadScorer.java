package io.weir.picker.builtin;

import io.weir.picker.plugin.PickContext;
import io.weir.picker.plugin.Scorer;
import io.weir.picker.prefix.PrefixSettings;

import java.util.Optional;

/**
 * {@code token-load-scorer}: by the prompt tokens that wait for prefill, those of this request
 * included as far as the server does not know them.
 *
 * @param queueThresholdTokens tokens at which the score is 0
 */
record TokenLoadScorer(int queueThresholdTokens) implements Scorer {

    @Override
    public void score(PickContext context, double[] scores) {
        for (int i = 0; i < context.size(); i++) {
            double tokens = context.inFlightTokens(i) + context.uncachedTokens(i);
            scores[i] = 1 - Math.clamp(tokens, 0, queueThresholdTokens) / queueThresholdTokens;
        }
    }

    @Override
    public Optional<PrefixSettings> prefixSettings() {
        return Optional.of(PrefixSettings.DEFAULT);
    }

    @Override
    public boolean readsServerLoad() {
        return false;
    }
}
