package io.weir.bench.score;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** Lines of results by workload, policy and seed. */
final class Results {

    private final Map<Row.Key, Row> rows = new HashMap<>();
    private final List<Workload> workloads;
    private final List<Policy> policies;
    private final List<Long> seeds;

    Results(List<Workload> workloads, List<Policy> policies, List<Long> seeds, List<Row> rows) {
        this.workloads = List.copyOf(workloads);
        this.policies = List.copyOf(policies);
        this.seeds = List.copyOf(seeds);
        rows.forEach(row -> this.rows.put(row.key(), row));
    }

    List<Workload> workloads() {
        return workloads;
    }

    List<Policy> policies() {
        return policies;
    }

    List<Long> seeds() {
        return seeds;
    }

    List<Row> all() {
        return List.copyOf(rows.values());
    }

    /** Returns the lines of a policy by seed; none when some are missing. */
    List<Row> rows(String workload, String policy) {
        List<Row> found = new ArrayList<>();
        for (long seed : seeds) {
            Row row = rows.get(new Row.Key(workload, policy, seed));
            if (row == null) {
                return List.of();
            }
            found.add(row);
        }
        return found;
    }

    double[] values(String workload, String policy, ToDoubleFunction<Row> value) {
        return rows(workload, policy).stream().mapToDouble(value).toArray();
    }

    double mean(String workload, String policy, ToDoubleFunction<Row> value) {
        return rows(workload, policy).stream().mapToDouble(value).average().orElse(Double.NaN);
    }

    /** Compares the highest rates of two policies. */
    Comparison compare(String workload, String policy, String base) {
        double[] values = values(workload, policy, Row::highestRate);
        double[] others = values(workload, base, Row::highestRate);
        if (values.length == 0 || others.length == 0 || values[0] == 0 || others[0] == 0) {
            return new Comparison(Double.NaN, Double.NaN, Double.NaN);
        }
        return Comparison.of(values, others);
    }

    /** Returns on which workloads a policy loses to another, and how. */
    List<String> losses(String policy, String base) {
        List<String> losses = new ArrayList<>();
        for (Workload workload : workloads) {
            Comparison rates = compare(workload.name(), policy, base);
            double met = mean(workload.name(), policy, row -> row.outcome().attainment());
            double baseMet = mean(workload.name(), base, row -> row.outcome().attainment());
            if (rates.isLoss()) {
                losses.add(
                        "%s: highest rate is %.3f of that of %s"
                                .formatted(workload.name(), rates.ratio(), base));
            } else if (met < baseMet - 0.005) {
                losses.add(
                        "%s: %.2f %% within limits at %.0f/s, %s %.2f %%"
                                .formatted(
                                        workload.name(),
                                        100 * met,
                                        workload.rate(),
                                        base,
                                        100 * baseMet));
            }
        }
        return losses;
    }
}
