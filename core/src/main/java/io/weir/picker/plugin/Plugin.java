package io.weir.picker.plugin;

import io.weir.picker.prefix.PrefixSettings;

import java.util.Optional;

/** Something that a profile is made of. */
public sealed interface Plugin
        permits Filter, Scorer, Picker, SaturationDetector, PrefixProducer, Inherent {

    /** Returns how prompts are to be matched for this plugin, when it asks for matches. */
    default Optional<PrefixSettings> prefixSettings() {
        return Optional.empty();
    }
}
