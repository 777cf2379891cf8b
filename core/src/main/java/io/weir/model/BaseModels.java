package io.weir.model;

import org.jspecify.annotations.Nullable;

import java.util.Map;
import java.util.Set;

/**
 * Which base model a model name belongs to.
 *
 * @param byAdapter base model by adapter name
 * @param baseModels names of base models, which belong to themselves
 */
public record BaseModels(Map<String, String> byAdapter, Set<String> baseModels) {

    /** Knows no models. */
    public static final BaseModels EMPTY = new BaseModels(Map.of(), Set.of());

    public BaseModels {
        byAdapter = Map.copyOf(byAdapter);
        baseModels = Set.copyOf(baseModels);
    }

    /** Returns the base model of a model name, or null when it is unknown. */
    public @Nullable String lookup(String model) {
        String base = byAdapter.get(model);
        if (base != null) {
            return base;
        }
        return baseModels.contains(model) ? model : null;
    }
}
