package io.weir.picker.plugin;

/** Says which endpoints any profile may choose from; runs once for each request. */
@FunctionalInterface
public non-sealed interface Screener extends Plugin {

    /** Calls {@link PickContext#keep} for each candidate that stays, in ascending order. */
    void screen(PickContext context);
}
