package io.weir.simulator.engine;

import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;

/** Counts sequences by adapter. */
final class AdapterCounts {

    private AdapterCounts() {}

    static Map<String, Integer> of(Collection<EngineTask> tasks) {
        Map<String, Integer> counts = new TreeMap<>();
        for (EngineTask task : tasks) {
            String adapter = task.request.adapter();
            if (adapter != null) {
                counts.merge(adapter, 1, Integer::sum);
            }
        }
        return counts;
    }
}
