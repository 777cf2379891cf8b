package io.weir.app.up;

import io.weir.collection.PersistentMap;
import io.weir.config.Status;
import io.weir.config.StatusCondition;
import io.weir.config.StatusCondition.Value;
import io.weir.model.ModelRewrites;
import io.weir.picker.EndpointSnapshot;
import io.weir.picker.EndpointSnapshot.ServedModel;
import io.weir.picker.Pickers;
import io.weir.resource.ObjectKey;
import io.weir.routing.Pool;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * Adds to the statuses of InferenceModelRewrites and InferenceModels whether the endpoints of their
 * pool serve the target models. Nothing is said before every endpoint has told what it serves.
 */
final class TargetModels implements UnaryOperator<PersistentMap<ObjectKey, Status>> {

    private static final String TYPE = "ResolvedRefs";
    private static final String UNKNOWN = "UnknownTargetModel";

    private final Pickers pickers;
    private final Supplier<Map<ObjectKey, Pool>> pools;

    /**
     * @param pickers know what endpoints serve
     * @param pools the pools in force
     */
    TargetModels(Pickers pickers, Supplier<Map<ObjectKey, Pool>> pools) {
        this.pickers = pickers;
        this.pools = pools;
    }

    @Override
    public PersistentMap<ObjectKey, Status> apply(PersistentMap<ObjectKey, Status> statuses) {
        Map<ObjectKey, StatusCondition> conditions = new HashMap<>();
        pools.get().forEach((key, pool) -> judge(key, pool.rewrites(), conditions));
        PersistentMap<ObjectKey, Status> told = statuses;
        for (Map.Entry<ObjectKey, StatusCondition> entry : conditions.entrySet()) {
            Status status = statuses.get(entry.getKey());
            if (status != null) {
                told = told.with(entry.getKey(), status.with(entry.getValue()));
            }
        }
        return told;
    }

    private void judge(
            ObjectKey pool, ModelRewrites rewrites, Map<ObjectKey, StatusCondition> conditions) {
        Map<ObjectKey, Set<String>> targets = targets(rewrites);
        Set<String> served = targets.isEmpty() ? Set.of() : served(pool);
        if (!served.isEmpty()) {
            targets.forEach(
                    (source, models) -> conditions.put(source, condition(pool, models, served)));
        }
    }

    /** Returns the models that each object's rules lead to. */
    private static Map<ObjectKey, Set<String>> targets(ModelRewrites rewrites) {
        Map<ObjectKey, Set<String>> targets = new HashMap<>();
        rewrites.exact()
                .forEach((model, rule) -> {
                    List<String> items = rule.targets().items();
                    targets.computeIfAbsent(rule.source(), _ -> new TreeSet<>())
                            .addAll(items.isEmpty() ? List.of(model) : items);
                });
        ModelRewrites.Rule generic = rewrites.generic();
        if (generic != null) {
            targets.computeIfAbsent(generic.source(), _ -> new TreeSet<>())
                    .addAll(generic.targets().items());
        }
        return targets;
    }

    /** Returns the models of all endpoints; empty while one has not told its own. */
    private Set<String> served(ObjectKey pool) {
        List<EndpointSnapshot> endpoints = pickers.forPool(pool).endpoints();
        return endpoints.stream().anyMatch(endpoint -> endpoint.models().isEmpty())
                ? Set.of()
                : endpoints.stream()
                        .flatMap(endpoint -> endpoint.models().stream())
                        .map(ServedModel::id)
                        .collect(Collectors.toCollection(TreeSet::new));
    }

    private static StatusCondition condition(
            ObjectKey pool, Set<String> targets, Set<String> served) {
        Set<String> unknown = new TreeSet<>(targets);
        unknown.removeAll(served);
        return unknown.isEmpty()
                ? new StatusCondition(TYPE, Value.TRUE, TYPE, "")
                : new StatusCondition(
                        TYPE,
                        Value.FALSE,
                        UNKNOWN,
                        String.join(", ", unknown)
                                + " (expected: what endpoints of "
                                + pool
                                + " serve: "
                                + String.join(", ", served)
                                + ")");
    }
}
