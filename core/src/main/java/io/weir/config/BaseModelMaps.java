package io.weir.config;

import io.weir.model.BaseModels;
import io.weir.resource.ConfigMap;
import io.weir.resource.ObjectKey;
import io.weir.resource.ObjectSet;
import io.weir.resource.Origin;
import io.weir.resource.Problem;

import java.util.List;
import java.util.function.BiFunction;

/**
 * The base models that ConfigMaps name, for a program that needs nothing else.
 *
 * @param models base model by adapter
 * @param problems what is wrong with the ConfigMaps
 */
public record BaseModelMaps(BaseModels models, List<Problem> problems) {

    public BaseModelMaps {
        problems = List.copyOf(problems);
    }

    /**
     * Reads the ConfigMaps that are labelled for body-based routing.
     *
     * @param objects objects of all kinds
     * @param origins file and line of a field of an object, for the problems
     */
    public static BaseModelMaps of(
            ObjectSet objects, BiFunction<ObjectKey, String, Origin> origins) {
        ProblemLog problems = new ProblemLog();
        BaseModels models = BaseModelCompiler.of(objects.all(ConfigMap.class), problems);
        return new BaseModelMaps(models, problems.problems(origins));
    }
}
