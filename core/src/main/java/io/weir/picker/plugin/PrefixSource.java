package io.weir.picker.plugin;

import io.weir.picker.prefix.EventSource;
import io.weir.picker.prefix.PrefixSettings;

import org.jspecify.annotations.Nullable;

/** A plugin that says how prompts are matched, and where matches come from. */
public interface PrefixSource {

    /** Returns how prompts are matched. */
    PrefixSettings settings();

    /** Returns where servers publish what happens in their caches; null when they are not asked. */
    @Nullable EventSource events();
}
