package io.weir.picker.plugin;

import io.weir.picker.PickResult;

import org.jspecify.annotations.Nullable;

/** Says whether a request is served at all. */
@FunctionalInterface
public non-sealed interface Admitter extends Plugin {

    /**
     * Returns why a request is refused; null when it is not.
     *
     * @param context the request and all endpoints that could serve it
     */
    PickResult.@Nullable Refused refusal(PickContext context);
}
