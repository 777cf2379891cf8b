package io.weir.bench.score;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.BiFunction;
import java.util.function.ToDoubleFunction;

/** Results as tables. */
final class Report {

    private static final ToDoubleFunction<Row> HIGHEST = Row::highestRate;

    private final Results results;

    Report(Results results) {
        this.results = results;
    }

    List<Table> tables() {
        return List.of(
                highestRates(),
                duels(),
                attainment(),
                meanFirstTokens(),
                slowestFirstTokens(),
                prefixHits());
    }

    /** Returns highest rates as multiples of round robin's. */
    Table highestRates() {
        return table(
                "highest rate",
                (workload, policy) -> {
                    Comparison c =
                            results.compare(workload.name(), policy.name(), Policies.ROUND_ROBIN);
                    if (policy.name().equals(Policies.ROUND_ROBIN)) {
                        return number(results.mean(workload.name(), policy.name(), HIGHEST)) + "/s";
                    }
                    return Double.isNaN(c.ratio())
                            ? "-"
                            : String.format(Locale.ROOT, "%.2f", c.ratio());
                });
    }

    /** Returns the default's highest rates as multiples of every other policy's, with intervals. */
    Table duels() {
        Table table = new Table();
        List<String> head = new ArrayList<>();
        head.add("Weir's highest rate, as a multiple of");
        List<Policy> others =
                results.policies().stream()
                        .filter(policy -> !policy.name().equals(Policies.WEIR))
                        .toList();
        others.forEach(policy -> head.add(policy.title()));
        table.add(head);
        for (Workload workload : results.workloads()) {
            List<String> line = new ArrayList<>();
            line.add(workload.title());
            others.forEach(policy -> line.add(duel(workload, policy)));
            table.add(line);
        }
        return table;
    }

    private String duel(Workload workload, Policy other) {
        Comparison c = results.compare(workload.name(), Policies.WEIR, other.name());
        if (Double.isNaN(c.ratio())) {
            return "-";
        }
        String verdict = c.isWin() ? " +" : c.isLoss() ? " −" : " =";
        return String.format(Locale.ROOT, "%.2f (%.2f–%.2f)", c.ratio(), c.low(), c.high())
                + verdict;
    }

    /** Returns the share of requests within limits at each workload's rate. */
    Table attainment() {
        return means("% within limits", row -> 100 * row.outcome().attainment());
    }

    /** Returns the 99th percentile of the time to the first token. */
    Table slowestFirstTokens() {
        return means("TTFT p99, ms", row -> row.outcome().ttftP99());
    }

    Table meanFirstTokens() {
        return means("TTFT mean, ms", row -> row.outcome().ttftMean());
    }

    Table prefixHits() {
        return means("prefix hits, %", row -> 100 * row.outcome().prefixHits());
    }

    private Table means(String title, ToDoubleFunction<Row> value) {
        return table(
                title,
                (workload, policy) -> number(results.mean(workload.name(), policy.name(), value)));
    }

    private Table table(String title, BiFunction<Workload, Policy, String> cell) {
        Table table = new Table();
        List<String> head = new ArrayList<>();
        head.add(title);
        results.policies().forEach(policy -> head.add(policy.title()));
        table.add(head);
        for (Workload workload : results.workloads()) {
            List<String> line = new ArrayList<>();
            line.add(workload.title());
            results.policies().forEach(policy -> line.add(cell.apply(workload, policy)));
            table.add(line);
        }
        return table;
    }

    private static String number(double value) {
        if (Double.isNaN(value)) {
            return "-";
        }
        String format = value >= 1000 ? "%,.0f" : value >= 100 ? "%.0f" : "%.1f";
        return String.format(Locale.ROOT, format, value);
    }
}
