package io.weir.app.up;

import io.weir.config.Snapshot;
import io.weir.model.ModelRewrites;
import io.weir.routing.Pool;
import io.weir.split.WeightedChoice;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;

/** Model rewrites in one line each. */
final class RewriteText {

    private RewriteText() {}

    static List<String> of(Snapshot snapshot) {
        List<String> lines = new ArrayList<>();
        snapshot.pools().values().stream()
                .sorted(Comparator.comparing(pool -> pool.key().toString()))
                .forEach(pool -> add(pool, lines));
        return lines;
    }

    private static void add(Pool pool, List<String> lines) {
        new TreeMap<>(pool.rewrites().exact())
                .forEach((model, rule) -> addUnlessTrivial(pool, model, rule, lines));
        ModelRewrites.Rule generic = pool.rewrites().generic();
        if (generic != null) {
            lines.add(line(pool, "every other model", generic));
        }
    }

    private static void addUnlessTrivial(
            Pool pool, String model, ModelRewrites.Rule rule, List<String> lines) {
        List<String> targets = rule.targets().items();
        if (!targets.isEmpty() && !targets.equals(List.of(model))) {
            lines.add(line(pool, model, rule));
        }
    }

    private static String line(Pool pool, String model, ModelRewrites.Rule rule) {
        WeightedChoice<String> targets = rule.targets();
        List<String> parts = new ArrayList<>();
        for (int i = 0; i < targets.items().size(); i++) {
            String weight = targets.items().size() == 1 ? "" : " " + targets.weight(i);
            parts.add(targets.items().get(i) + weight);
        }
        return pool.key().objectName() + "  " + model + " -> " + String.join(", ", parts);
    }
}
