package io.weir.config;

import io.weir.resource.ObjectSet;
import io.weir.resource.Resource;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Objects by labels, so that a selector looks only at those that share its rarest label. Immutable;
 * the lists of labels whose objects did not change are the same in the next one.
 */
final class LabelIndex<T extends Resource> {

    private final List<T> resources;
    private final Map<Label, List<T>> byLabel;
    private final Function<T, Map<String, String>> labels;

    private LabelIndex(
            List<T> resources,
            Map<Label, List<T>> byLabel,
            Function<T, Map<String, String>> labels) {
        this.resources = resources;
        this.byLabel = byLabel;
        this.labels = labels;
    }

    /** Returns an index without objects. */
    static <T extends Resource> LabelIndex<T> of(Function<T, Map<String, String>> labels) {
        return new LabelIndex<>(List.of(), Map.of(), labels);
    }

    /**
     * Returns the index of a changed list.
     *
     * @param now the objects in the order of an {@link ObjectSet}
     */
    LabelIndex<T> next(List<T> now) {
        if (Memo.same(now, resources)) {
            return this;
        }
        Changes changes = new Changes();
        ObjectSet.changes(resources, now, changes.gone::add, changes.added::add);
        return new LabelIndex<>(now, changes.apply(), labels);
    }

    /** Returns the objects that have the selector's rarest label, in order; none without labels. */
    List<T> candidates(String namespace, Map<String, String> selector) {
        List<T> fewest = null;
        for (Map.Entry<String, String> entry : selector.entrySet()) {
            Label label = new Label(namespace, entry.getKey(), entry.getValue());
            List<T> candidates = byLabel.getOrDefault(label, List.of());
            if (fewest == null || candidates.size() < fewest.size()) {
                fewest = candidates;
            }
        }
        return fewest == null ? List.of() : fewest;
    }

    private record Label(String namespace, String key, String value) {}

    /** What becomes of the lists of labels. */
    private final class Changes {
        private final Set<T> gone = new HashSet<>();
        private final List<T> added = new ArrayList<>();
        private final Map<Label, List<T>> touched = new HashMap<>();

        Map<Label, List<T>> apply() {
            gone.forEach(
                    resource -> labelsOf(resource).forEach(label -> touch(label).remove(resource)));
            added.forEach(
                    resource -> labelsOf(resource).forEach(label -> touch(label).add(resource)));
            Map<Label, List<T>> lists = new HashMap<>(byLabel);
            touched.forEach((label, list) -> {
                if (list.isEmpty()) {
                    lists.remove(label);
                } else {
                    list.sort(ObjectSet::compare);
                    lists.put(label, List.copyOf(list));
                }
            });
            return lists;
        }

        private Stream<Label> labelsOf(T resource) {
            String namespace = resource.metadata().namespace();
            return labels.apply(resource).entrySet().stream()
                    .map(entry -> new Label(namespace, entry.getKey(), entry.getValue()));
        }

        private List<T> touch(Label label) {
            return touched.computeIfAbsent(
                    label, _ -> new ArrayList<>(byLabel.getOrDefault(label, List.of())));
        }
    }
}
