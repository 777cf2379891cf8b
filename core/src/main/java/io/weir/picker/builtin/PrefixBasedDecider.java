package io.weir.picker.builtin;

import io.weir.picker.plugin.Decider;
import io.weir.picker.plugin.PickContext;
import io.weir.picker.plugin.ProfilePlan;
import io.weir.picker.prefix.PrefixSettings;

import java.util.Optional;

/**
 * {@code prefix-based-pd-decider}: prefill elsewhere is worthwhile when the decode server would
 * have to read much of the prompt itself.
 *
 * @param nonCachedTokens tokens from which it is; 0 for never
 * @param promptTokens tokens that the prompt has at least
 */
record PrefixBasedDecider(int nonCachedTokens, int promptTokens) implements Decider {

    @Override
    public boolean isWorthwhile(PickContext context, int decodeIndex) {
        long input = Math.max(0, context.request().promptTokens());
        if (nonCachedTokens == 0 || input < promptTokens || input < nonCachedTokens) {
            return false;
        }
        long uncached =
                decodeIndex == ProfilePlan.NONE
                        ? input
                        : context.prefixes().uncachedTokens(decodeIndex);
        return uncached >= nonCachedTokens;
    }

    @Override
    public Optional<PrefixSettings> prefixSettings() {
        return Optional.of(PrefixSettings.DEFAULT);
    }
}
