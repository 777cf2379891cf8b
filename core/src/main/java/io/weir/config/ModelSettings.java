package io.weir.config;

import io.weir.model.ModelRewrites;
import io.weir.resource.InferenceModel;
import io.weir.resource.InferenceModelRewrite;
import io.weir.resource.InferenceObjective;
import io.weir.resource.ObjectKey;
import io.weir.resource.ObjectSet;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What rewrites, models and objectives make of pools.
 *
 * @param byPool rewrites and priorities by pool
 * @param statuses statuses of the rewrites, models and objectives
 * @param splits the weighted choices of rewrites
 */
record ModelSettings(Map<ObjectKey, OfPool> byPool, List<Status> statuses, Splits splits) {

    /** Returns everything that the settings of an object set are made of. */
    static List<?> sources(ObjectSet objects) {
        return List.of(
                objects.all(InferenceModelRewrite.class),
                objects.all(InferenceModel.class),
                objects.all(InferenceObjective.class));
    }

    /**
     * Reads rewrites, models and objectives.
     *
     * @param before the settings before; null when there are none. What is the same is kept.
     */
    static ModelSettings of(Facts facts, @Nullable ModelSettings before, ProblemLog problems) {
        PoolFinder finder =
                new PoolFinder(
                        key -> Boolean.TRUE.equals(facts.ask(new Question.PoolExists(key))),
                        problems);
        Splits splits = new Splits();
        Splits old = before == null ? Splits.NONE : before.splits;
        RewriteCompiler rewrites = new RewriteCompiler(finder, old, splits, problems);
        ObjectiveCompiler objectives = new ObjectiveCompiler(finder, problems);
        rewrites.add(facts.objects());
        objectives.add(facts.objects());
        Map<ObjectKey, OfPool> byPool = new HashMap<>();
        Stream.concat(rewrites.pools().stream(), objectives.pools().stream())
                .distinct()
                .forEach(pool ->
                        byPool.put(
                                pool,
                                new OfPool(
                                        rewrites.rewrites(pool),
                                        objectives.priorities(pool),
                                        rewrites.priorities(pool))));
        List<Status> statuses = new ArrayList<>(rewrites.statuses());
        statuses.addAll(objectives.statuses());
        return new ModelSettings(
                byPool,
                before == null ? statuses : Statuses.kept(before.statuses, statuses),
                splits);
    }

    static List<Status> statusesOf(@Nullable Memo<?, ModelSettings> settings) {
        return settings == null ? List.of() : settings.result().statuses;
    }

    /** Returns the pools for which something else is said here than before. */
    Set<ObjectKey> changedSince(@Nullable ModelSettings before) {
        Set<ObjectKey> keys = new HashSet<>(byPool.keySet());
        if (before == null) {
            return keys;
        }
        keys.addAll(before.byPool.keySet());
        keys.removeIf(key -> of(key).equals(before.of(key)));
        return keys;
    }

    OfPool of(ObjectKey pool) {
        return byPool.getOrDefault(pool, OfPool.NONE);
    }

    /**
     * Settings of one pool.
     *
     * @param rewrites rewrites and splits
     * @param priorities priority by InferenceObjective
     * @param modelPriorities priority by model
     */
    record OfPool(
            ModelRewrites rewrites,
            Map<String, Integer> priorities,
            Map<String, Integer> modelPriorities) {

        static final OfPool NONE = new OfPool(ModelRewrites.NONE, Map.of(), Map.of());

        OfPool {
            priorities = Map.copyOf(priorities);
            modelPriorities = Map.copyOf(modelPriorities);
        }
    }
}
