package io.weir.picker.plugin;

/** Turns scores into an order. */
@FunctionalInterface
public non-sealed interface Picker extends Plugin {

    /**
     * Returns the key of a candidate. Candidates are tried in descending order of their keys, and
     * in random order where keys are equal.
     *
     * @param score weighted sum of what the scorers said; not negative
     * @param context the request, for randomness
     * @return not negative
     */
    double key(double score, PickContext context);

    /** Returns how many endpoints a proxy is to be told, in order. */
    default int mostEndpoints() {
        return 1;
    }
}
