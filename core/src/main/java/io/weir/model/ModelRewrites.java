package io.weir.model;

import io.weir.resource.ObjectKey;
import io.weir.split.WeightedChoice;

import org.jspecify.annotations.Nullable;

import java.util.Map;
import java.util.Set;

/**
 * The model rewrites of one pool, precedence settled: exact before generic, older object first,
 * then the order in the list.
 *
 * @param exact rule by the model that clients ask for
 * @param generic rule for every other request, also for those without a model; null when absent
 */
public record ModelRewrites(Map<String, Rule> exact, @Nullable Rule generic) {

    /** Rewrites nothing. */
    public static final ModelRewrites NONE = new ModelRewrites(Map.of(), null);

    public ModelRewrites {
        exact = Map.copyOf(exact);
    }

    /** Returns the rule for a model, or null when the model stays as it is. */
    public @Nullable Rule ruleFor(@Nullable String model) {
        Rule rule = model == null ? null : exact.get(model);
        return rule != null ? rule : generic;
    }

    /** Returns the names that clients can ask for because of these rules. */
    public Set<String> aliases() {
        return exact.keySet();
    }

    /**
     * One rule.
     *
     * @param source the object it comes from
     * @param targets weighted targets; an empty choice leaves the model as it is
     */
    public record Rule(ObjectKey source, WeightedChoice<String> targets) {}
}
