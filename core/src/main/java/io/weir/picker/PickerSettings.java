package io.weir.picker;

import org.jspecify.annotations.Nullable;

/**
 * How the built-in picker of a pool is set up.
 *
 * @param configText an EndpointPickerConfig document as written; null for Weir's default profile
 * @param configOrigin where the text came from, for messages
 */
public record PickerSettings(@Nullable String configText, String configOrigin) {

    /** Weir's default profile. */
    public static final PickerSettings DEFAULT = new PickerSettings(null, "");
}
