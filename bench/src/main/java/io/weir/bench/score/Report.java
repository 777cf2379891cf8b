package io.weir.bench.score;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.ToDoubleFunction;

/** Results as tables. */
final class Report {

    private static final ToDoubleFunction<Row> HIGHEST = Row::highestRate;

    private final Results results;

    Report(Results results) {
        this.results = results;
    }

    /**
     * Returns what a study has to say.
     *
     * @param study its name
     */
    static List<Table> tables(String study, Results results) {
        Report report = new Report(results);
        return switch (study) {
            case Study.ABLATION -> List.of(report.ablation());
            case Study.SENSITIVITY -> report.sensitivity();
            default -> report.rates();
        };
    }

    private List<Table> rates() {
        return List.of(
                highestRates(),
                duels(),
                attainment(),
                meanFirstTokens(),
                slowestFirstTokens(),
                prefixHits(),
                bursts());
    }

    /** Returns how much of the highest rate is left without one thing at a time. */
    private Table ablation() {
        return table(
                "highest rate, as a multiple of the default's",
                (workload, policy) -> {
                    Comparison c = results.compare(workload.name(), policy.name(), Policies.WEIR);
                    return policy.name().equals(Policies.WEIR)
                            ? number(results.mean(workload.name(), policy.name(), HIGHEST)) + "/s"
                            : ratio(c.ratio());
                });
    }

    /** Returns the default's highest rates as multiples of others' on servers of other speeds. */
    private List<Table> sensitivity() {
        return results.policies().stream()
                .filter(policy -> !policy.name().equals(Policies.WEIR))
                .map(this::sensitivity)
                .toList();
    }

    private Table sensitivity(Policy other) {
        Table table = new Table();
        List<String> head = new ArrayList<>();
        head.add("Weir's highest rate, as a multiple of " + other.title());
        head.addAll(Sensitivity.titles());
        table.add(head);
        Set<String> seen = new LinkedHashSet<>();
        results.workloads().forEach(workload -> seen.add(workload.title()));
        for (String title : seen) {
            List<String> line = new ArrayList<>();
            line.add(title);
            results.workloads().stream()
                    .filter(workload -> workload.title().equals(title))
                    .map(workload -> results.compare(workload.name(), Policies.WEIR, other.name()))
                    .forEach(comparison -> line.add(ratio(comparison.ratio())));
            table.add(line);
        }
        return table;
    }

    private static String ratio(double value) {
        return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, "%.2f", value);
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
                    return ratio(c.ratio());
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

    /** Returns how evenly requests that come at once are spread, where there are such. */
    private Table bursts() {
        Table table = new Table();
        List<String> head = new ArrayList<>();
        head.add("most of a burst on one server, over the mean");
        results.policies().forEach(policy -> head.add(policy.title()));
        table.add(head);
        ToDoubleFunction<Row> imbalance = row -> row.outcome().burstImbalance();
        for (Workload workload : results.workloads()) {
            List<String> line = new ArrayList<>();
            line.add(workload.title());
            for (Policy policy : results.policies()) {
                line.add(ratio(results.mean(workload.name(), policy.name(), imbalance)));
            }
            if (line.stream().skip(1).anyMatch(cell -> !cell.equals("0.00") && !cell.equals("-"))) {
                table.add(line);
            }
        }
        return table;
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
