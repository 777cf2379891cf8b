package io.weir.resource;

import java.util.List;

/**
 * An InferenceModel ({@code inference.networking.x-k8s.io/v1alpha2}).
 *
 * @param metadata metadata
 * @param modelName the model that clients ask for
 * @param criticality how important its requests are
 * @param poolRef the pool
 * @param targetModels weighted targets; empty means {@code modelName} itself
 */
public record InferenceModel(
        ObjectMeta metadata,
        String modelName,
        Criticality criticality,
        PoolRef poolRef,
        List<ModelTarget> targetModels)
        implements Resource {

    public InferenceModel {
        targetModels = List.copyOf(targetModels);
    }

    @Override
    public String kind() {
        return "InferenceModel";
    }

    /** How important requests for a model are. */
    public enum Criticality {
        CRITICAL,
        STANDARD,
        SHEDDABLE
    }
}
