package io.weir.config;

import io.weir.model.ModelRewrites;
import io.weir.resource.InferenceModel;
import io.weir.resource.InferenceModelRewrite;
import io.weir.resource.InferenceObjective;
import io.weir.resource.InferencePool;
import io.weir.resource.ObjectKey;
import io.weir.resource.ObjectSet;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

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
                objects.all(InferencePool.class),
                objects.all(InferenceModelRewrite.class),
                objects.all(InferenceModel.class),
                objects.all(InferenceObjective.class));
    }

    static ModelSettings of(ObjectSet objects, Splits before, ProblemLog problems) {
        PoolFinder finder =
                new PoolFinder(key -> objects.find(key).map(InferencePool.class::cast), problems);
        Splits splits = new Splits();
        RewriteCompiler rewrites = new RewriteCompiler(finder, before, splits, problems);
        ObjectiveCompiler objectives = new ObjectiveCompiler(finder, problems);
        rewrites.add(objects);
        objectives.add(objects);
        Map<ObjectKey, OfPool> byPool = new HashMap<>();
        for (InferencePool pool : objects.all(InferencePool.class)) {
            byPool.put(
                    pool.key(),
                    new OfPool(
                            rewrites.rewrites(pool),
                            objectives.priorities(pool),
                            rewrites.priorities(pool)));
        }
        List<Status> statuses = new ArrayList<>(rewrites.statuses());
        statuses.addAll(objectives.statuses());
        return new ModelSettings(byPool, statuses, splits);
    }

    /** Returns these settings with those of the statuses before that are the same. */
    ModelSettings keeping(List<Status> before) {
        return new ModelSettings(byPool, Statuses.kept(before, statuses), splits);
    }

    OfPool of(InferencePool pool) {
        return byPool.getOrDefault(pool.key(), OfPool.NONE);
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
