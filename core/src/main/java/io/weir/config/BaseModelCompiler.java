package io.weir.config;

import io.weir.model.BaseModels;
import io.weir.resource.ConfigMap;

import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Reads the ConfigMaps of body-based routing, of all namespaces: {@code baseModel} names a base
 * model, {@code adapters} is a YAML list of adapters in a text. Several may name one base model; an
 * adapter belongs to the oldest ConfigMap that names it.
 */
final class BaseModelCompiler {

    private static final List<String> LABELS =
            List.of("inference.networking.k8s.io/bbr-managed", "inference.llm-d.ai/ipp-managed");

    private final ProblemLog problems;
    private final Map<String, String> byAdapter = new HashMap<>();
    private final Map<String, ConfigMap> owners = new HashMap<>();
    private final Set<String> baseModels = new HashSet<>();

    private BaseModelCompiler(ProblemLog problems) {
        this.problems = problems;
    }

    /** Reads the ConfigMaps, each by itself; nothing of those that name no base model. */
    static Memos<ConfigMap, Optional<Named>> named(
            Facts facts, Memos<ConfigMap, Optional<Named>> before, ProblemLog problems) {
        var compiler = new BaseModelCompiler(problems);
        return before.next(
                        facts.objects().all(ConfigMap.class),
                        facts,
                        problems,
                        (map, _) -> compiler.named(map))
                .memos();
    }

    /** Reads the ConfigMaps, all at once. */
    static BaseModels of(List<ConfigMap> maps, ProblemLog problems) {
        var compiler = new BaseModelCompiler(problems);
        maps.stream()
                .flatMap(map -> compiler.named(map).stream())
                .sorted(Comparator.comparing(Named::map, Precedence.OLDEST_FIRST))
                .forEach(compiler::add);
        return new BaseModels(compiler.byAdapter, compiler.baseModels);
    }

    /** Puts all together. */
    static Memo<Memos<ConfigMap, Optional<Named>>, BaseModels> all(
            Facts facts,
            Memos<ConfigMap, Optional<Named>> named,
            @Nullable Memo<Memos<ConfigMap, Optional<Named>>, BaseModels> before,
            ProblemLog problems) {
        return facts.memo(before, named, () -> new BaseModelCompiler(problems).all(named));
    }

    private BaseModels all(Memos<ConfigMap, Optional<Named>> named) {
        List<Named> all = new ArrayList<>();
        named.forEach((_, found) -> found.ifPresent(all::add));
        all.sort(Comparator.comparing(Named::map, Precedence.OLDEST_FIRST));
        all.forEach(this::add);
        return new BaseModels(byAdapter, baseModels);
    }

    private static boolean isManaged(ConfigMap map) {
        return LABELS.stream().anyMatch(label -> "true".equals(map.metadata().labels().get(label)));
    }

    private Optional<Named> named(ConfigMap map) {
        if (!isManaged(map)) {
            return Optional.empty();
        }
        String baseModel = map.data().getOrDefault("baseModel", "").trim();
        if (baseModel.isEmpty()) {
            problems.error(map, "data.baseModel", "absent or empty (expected: a model name)");
            return Optional.empty();
        }
        return adapters(map).map(adapters -> new Named(map, baseModel, adapters));
    }

    private void add(Named named) {
        baseModels.add(named.baseModel);
        named.adapters.forEach(adapter -> add(named.map, adapter, named.baseModel));
    }

    private void add(ConfigMap map, String adapter, String baseModel) {
        String known = byAdapter.putIfAbsent(adapter, baseModel);
        ConfigMap owner = owners.computeIfAbsent(adapter, _ -> map);
        if (known != null && !known.equals(baseModel)) {
            problems.warning(
                    map,
                    "data.adapters",
                    adapter
                            + " (expected: one base model; that of "
                            + owner.key()
                            + ", "
                            + known
                            + ", wins)");
        }
    }

    private Optional<List<String>> adapters(ConfigMap map) {
        try {
            Object read = yaml().load(map.data().getOrDefault("adapters", ""));
            if (read == null) {
                return Optional.of(List.of());
            }
            if (read instanceof List<?> list && list.stream().noneMatch(List.class::isInstance)) {
                return Optional.of(names(list));
            }
        } catch (YAMLException e) {
            // Told below like any other text that is not a list.
        }
        problems.error(
                map, "data.adapters", "not a list (expected: a text that is a YAML list of names)");
        return Optional.empty();
    }

    private static List<String> names(List<?> list) {
        return list.stream()
                .filter(Objects::nonNull)
                .map(entry -> entry.toString().trim())
                .filter(name -> !name.isEmpty())
                .toList();
    }

    private static Yaml yaml() {
        return new Yaml(new SafeConstructor(new LoaderOptions()));
    }

    /**
     * What a ConfigMap names.
     *
     * @param map the ConfigMap
     * @param baseModel base model
     * @param adapters its adapters
     */
    record Named(ConfigMap map, String baseModel, List<String> adapters) {}
}
