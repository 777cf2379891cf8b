package io.weir.picker.plugin;

/** Says how good each candidate is. */
@FunctionalInterface
public non-sealed interface Scorer extends Plugin {

    /**
     * Writes a score for each candidate.
     *
     * @param context the request and its candidates
     * @param scores to be filled from 0 to {@code context.size() - 1} with values 0..1; what lies
     *     outside is taken as the nearer end, and NaN as 0
     */
    void score(PickContext context, double[] scores);
}
