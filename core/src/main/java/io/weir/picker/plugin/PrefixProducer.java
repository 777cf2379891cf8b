package io.weir.picker.plugin;

import io.weir.picker.prefix.PrefixSettings;

import java.util.Optional;

/**
 * Says how prompts are matched, for all plugins of a profile that ask for matches.
 *
 * @param settings how
 */
public record PrefixProducer(PrefixSettings settings) implements Plugin {

    @Override
    public Optional<PrefixSettings> prefixSettings() {
        return Optional.of(settings);
    }
}
