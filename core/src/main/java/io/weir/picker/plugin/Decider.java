package io.weir.picker.plugin;

/** Says whether a stage of disaggregated serving is worth running for a request. */
@FunctionalInterface
public non-sealed interface Decider extends Plugin {

    /**
     * Returns whether to run the stage.
     *
     * @param context the request
     * @param decodeIndex the endpoint chosen for decode among all of the pool; {@link
     *     ProfilePlan#NONE} when none is chosen yet
     */
    boolean isWorthwhile(PickContext context, int decodeIndex);
}
