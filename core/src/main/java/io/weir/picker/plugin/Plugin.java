package io.weir.picker.plugin;

import io.weir.picker.prefix.PrefixSettings;

import java.util.Optional;

/**
 * Something that a configuration names. A class may be several of these at once, for instance a
 * scorer that observes what was picked.
 */
public sealed interface Plugin
        permits Filter,
                Scorer,
                Picker,
                Screener,
                Admitter,
                ProfileHandler,
                Decider,
                PickObserver,
                SaturationDetector,
                Producer,
                FlowPolicy,
                DataPlugin,
                Parser,
                Inherent {

    /**
     * Returns whether the plugin looks at what servers say of their load. If none does, they are
     * asked less often.
     */
    default boolean readsServerLoad() {
        return this instanceof Filter
                || this instanceof Scorer
                || this instanceof Admitter
                || this instanceof SaturationDetector;
    }

    /** Returns how prompts are to be matched for this plugin, when it asks for matches. */
    default Optional<PrefixSettings> prefixSettings() {
        return Optional.empty();
    }

    /** Returns whether latencies are to be predicted for this plugin. */
    default boolean predictsLatency() {
        return false;
    }
}
