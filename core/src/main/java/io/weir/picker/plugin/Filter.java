package io.weir.picker.plugin;

/** Says which candidates stay. */
@FunctionalInterface
public non-sealed interface Filter extends Plugin {

    /** Calls {@link PickContext#keep} for each candidate that stays, in ascending order. */
    void filter(PickContext context);
}
