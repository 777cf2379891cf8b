package io.weir.bench.score;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Which policies run on which workloads.
 *
 * @param name name on the command line, and of the file of its results
 * @param workloads where they run
 * @param policies what runs
 * @param seeds seeds of traffic and servers
 * @param isSearched for which policies the highest rate is looked for
 */
record Study(
        String name,
        List<Workload> workloads,
        List<Policy> policies,
        List<Long> seeds,
        Predicate<Policy> isSearched) {

    /** All policies on all workloads. */
    static final String RATES = "rates";

    /** Weir's default without one thing at a time. */
    static final String ABLATION = "ablation";

    /** The rivals on servers whose constants are others. */
    static final String SENSITIVITY = "sensitivity";

    static final List<String> NAMES = List.of(RATES, ABLATION, SENSITIVITY);

    Study {
        workloads = List.copyOf(workloads);
        policies = List.copyOf(policies);
        seeds = List.copyOf(seeds);
    }

    /** Returns how many of some lines are its own. */
    int count(List<Row> rows) {
        Set<Row.Key> keys = new HashSet<>();
        for (Workload workload : workloads) {
            for (Policy policy : policies) {
                seeds.forEach(seed -> keys.add(new Row.Key(workload.name(), policy.name(), seed)));
            }
        }
        return (int) rows.stream().filter(row -> keys.contains(row.key())).count();
    }

    int size() {
        return workloads.size() * policies.size() * seeds.size();
    }

    String file() {
        return name.equals(RATES) ? "routing-quality.tsv" : "routing-quality-" + name + ".tsv";
    }
}
