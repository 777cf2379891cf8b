package io.weir.resource;

/**
 * An InferenceObjective ({@code v1alpha2} of the same groups as InferenceModelRewrite).
 *
 * @param metadata metadata; requests name it in {@code x-gateway-inference-objective}
 * @param priority higher is more important, 0 by default, negative is sheddable
 * @param poolRef the pool
 */
public record InferenceObjective(ObjectMeta metadata, int priority, PoolRef poolRef)
        implements Resource {

    @Override
    public String kind() {
        return "InferenceObjective";
    }
}
