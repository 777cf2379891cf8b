package io.weir.resource;

import java.util.List;

/**
 * An InferenceModelRewrite ({@code v1alpha2} of {@code inference.networking.x-k8s.io}, {@code
 * inference.networking.k8s.io} or {@code llm-d.ai}).
 *
 * @param metadata metadata
 * @param poolRef the pool
 * @param rules rules in order
 */
public record InferenceModelRewrite(ObjectMeta metadata, PoolRef poolRef, List<Rule> rules)
        implements Resource {

    public InferenceModelRewrite {
        rules = List.copyOf(rules);
    }

    @Override
    public String kind() {
        return "InferenceModelRewrite";
    }

    /**
     * One rule.
     *
     * @param exactModels model names, any of which matches exactly; empty matches every request
     * @param targets weighted targets; empty leaves the model as it is
     */
    public record Rule(List<String> exactModels, List<ModelTarget> targets) {
        public Rule {
            exactModels = List.copyOf(exactModels);
            targets = List.copyOf(targets);
        }
    }
}
