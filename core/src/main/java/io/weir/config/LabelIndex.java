package io.weir.config;

import io.weir.resource.Resource;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

/** Objects by labels, so that a selector looks only at those that share its rarest label. */
final class LabelIndex<T extends Resource> {

    private final Map<Label, List<T>> byLabel = new HashMap<>();
    private final Function<T, Map<String, String>> labels;

    LabelIndex(Collection<T> resources, Function<T, Map<String, String>> labels) {
        this.labels = labels;
        for (T resource : resources) {
            String namespace = resource.metadata().namespace();
            labels.apply(resource)
                    .forEach((key, value) ->
                            byLabel.computeIfAbsent(
                                            new Label(namespace, key, value),
                                            _ -> new ArrayList<>(1))
                                    .add(resource));
        }
    }

    /** Returns the objects that a selector selects, in order. An empty selector selects none. */
    Stream<T> select(String namespace, Map<String, String> selector) {
        List<T> fewest = null;
        for (Map.Entry<String, String> entry : selector.entrySet()) {
            Label label = new Label(namespace, entry.getKey(), entry.getValue());
            List<T> candidates = byLabel.getOrDefault(label, List.of());
            if (fewest == null || candidates.size() < fewest.size()) {
                fewest = candidates;
            }
        }
        return fewest == null
                ? Stream.empty()
                : fewest.stream()
                        .filter(resource ->
                                labels.apply(resource).entrySet().containsAll(selector.entrySet()));
    }

    private record Label(String namespace, String key, String value) {}
}
