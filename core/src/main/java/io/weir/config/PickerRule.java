package io.weir.config;

/**
 * Which pickers are asked where a pool does not say.
 *
 * @param use which picker serves a pool that names one
 * @param imagesRun whether Deployments run here as their images say: then one that stands behind a
 *     picker's Service is a picker, even when none of its Pods is there
 */
public record PickerRule(PickerUse use, boolean imagesRun) {

    /** Pickers that can be reached are asked, on a machine that runs no images. */
    public static final PickerRule LOCAL = new PickerRule(PickerUse.AUTO, false);
}
