package io.weir.config;

import io.weir.resource.InferenceObjective;
import io.weir.resource.ObjectKey;
import io.weir.resource.ObjectSet;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Collects priorities by InferenceObjective of every pool. Requests name an objective by name only,
 * so of two groups' objectives of one name the older counts.
 */
final class ObjectiveCompiler {

    private final PoolFinder pools;
    private final ProblemLog problems;
    private final Map<ObjectKey, Map<String, Integer>> prioritiesByPool = new HashMap<>();
    private final List<Status> statuses = new ArrayList<>();

    ObjectiveCompiler(PoolFinder pools, ProblemLog problems) {
        this.pools = pools;
        this.problems = problems;
    }

    void add(ObjectSet objects) {
        Precedence.oldestFirst(objects.all(InferenceObjective.class)).forEach(this::add);
    }

    Map<String, Integer> priorities(ObjectKey pool) {
        return prioritiesByPool.getOrDefault(pool, Map.of());
    }

    /** Returns the pools that have objectives. */
    Set<ObjectKey> pools() {
        return prioritiesByPool.keySet();
    }

    List<Status> statuses() {
        return statuses;
    }

    private void add(InferenceObjective objective) {
        Optional<ObjectKey> pool = pools.find(objective, objective.poolRef());
        if (pool.isEmpty()) {
            statuses.add(PoolRefs.unknown(objective, objective.poolRef(), problems));
            return;
        }
        String name = objective.metadata().name();
        Integer older =
                prioritiesByPool
                        .computeIfAbsent(pool.get(), _ -> new HashMap<>())
                        .putIfAbsent(name, objective.priority());
        statuses.add(Status.of(objective, List.of(condition(objective, older != null))));
    }

    private StatusCondition condition(InferenceObjective objective, boolean overlapped) {
        if (!overlapped) {
            return StatusCondition.yes(Conditions.ACCEPTED, Conditions.ACCEPTED);
        }
        String message =
                objective.metadata().name()
                        + " (expected: one InferenceObjective of that name for a pool; the older"
                        + " one, of another group, wins)";
        problems.warning(objective, "metadata.name", message);
        return StatusCondition.no(Conditions.ACCEPTED, Conditions.OVERLAPPED, message);
    }
}
