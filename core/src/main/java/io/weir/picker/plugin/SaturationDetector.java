package io.weir.picker.plugin;

/** Says how full a pool is. */
@FunctionalInterface
public non-sealed interface SaturationDetector extends Plugin {

    /**
     * Returns the saturation of the candidates: from 1 on, requests that may be dropped are. No
     * candidates are full.
     */
    double saturation(PickContext context);
}
