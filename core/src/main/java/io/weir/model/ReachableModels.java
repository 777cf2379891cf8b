package io.weir.model;

import io.weir.picker.Endpoint;
import io.weir.picker.EndpointSnapshot.ServedModel;

import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * The models that clients can ask for at a listener, for {@code GET /v1/models}.
 *
 * @param routedModels models and base models that rules name in their matches
 * @param baseModels base models by adapter, of all listeners
 * @param aliases names that rewrites and InferenceModels make
 * @param endpoints endpoints of the listener's backends
 */
public record ReachableModels(
        Set<String> routedModels,
        BaseModels baseModels,
        Set<String> aliases,
        List<Endpoint> endpoints) {

    /** No models. */
    public static final ReachableModels NONE =
            new ReachableModels(Set.of(), BaseModels.EMPTY, Set.of(), List.of());

    public ReachableModels {
        routedModels = Set.copyOf(routedModels);
        aliases = Set.copyOf(aliases);
        endpoints = List.copyOf(endpoints);
    }

    /**
     * Lists the models in the order of their names, base models first: those that endpoints report,
     * the configured base models and adapters that a rule or an endpoint here knows, and aliases.
     *
     * @param served models that an endpoint reports; empty when it has not been asked yet
     */
    public List<ServedModel> list(Function<Endpoint, ? extends Collection<ServedModel>> served) {
        Map<String, String> parents = new LinkedHashMap<>();
        for (Endpoint endpoint : endpoints) {
            served.apply(endpoint).forEach(m -> parents.putIfAbsent(m.id(), m.parent()));
        }
        Set<String> known = new TreeSet<>(routedModels);
        known.addAll(parents.keySet());
        baseModels.baseModels().stream()
                .filter(known::contains)
                .forEach(base -> parents.putIfAbsent(base, ""));
        baseModels.byAdapter().entrySet().stream()
                .filter(e -> known.contains(e.getValue()) || known.contains(e.getKey()))
                .forEach(e -> parents.putIfAbsent(e.getKey(), e.getValue()));
        aliases.forEach(alias -> parents.putIfAbsent(alias, ""));
        return sorted(parents);
    }

    private static List<ServedModel> sorted(Map<String, String> parents) {
        return parents.entrySet().stream()
                .map(entry -> new ServedModel(entry.getKey(), entry.getValue()))
                .sorted(
                        Comparator.comparing((ServedModel m) -> !m.parent().isEmpty())
                                .thenComparing(ServedModel::id))
                .toList();
    }
}
