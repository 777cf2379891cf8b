package io.weir.bench.score;

import io.weir.bench.score.DotChart.Dot;
import io.weir.bench.score.DotChart.RowOfDots;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/** Results as pictures. */
final class Pictures {

    private static final Map<String, String> COLORS =
            Map.of(
                    Policies.WEIR, "#0969da",
                    Policies.REFERENCE, "#e16f24",
                    Policies.ROUND_ROBIN, "#24292f");

    private final Results results;

    Pictures(Results results) {
        this.results = results;
    }

    void write(Path folder) throws IOException {
        Files.writeString(folder.resolve("routing-quality-rate.svg"), highestRates().svg());
        Files.writeString(folder.resolve("routing-quality-ttft.svg"), firstTokens().svg());
    }

    private DotChart highestRates() {
        return new DotChart(
                "Highest rate with 99 % of requests within their limits",
                "Multiples of round robin's; further right is better. Bars are 95 % intervals.",
                rows((workload, policy) -> {
                    Comparison c =
                            results.compare(workload.name(), policy.name(), Policies.ROUND_ROBIN);
                    return dot(policy, c.ratio(), c.low(), c.high());
                }),
                List.of(0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0),
                DotChart::times);
    }

    private DotChart firstTokens() {
        return new DotChart(
                "Time to the first token, 99th percentile",
                "All at the same rate, about the highest that round robin can take; further left is"
                        + " better.",
                rows((workload, policy) -> {
                    double value =
                            results.mean(
                                    workload.name(), policy.name(), row -> row.outcome().ttftP99());
                    return dot(policy, value, value, value);
                }),
                List.of(20.0, 50.0, 100.0, 200.0, 500.0, 1e3, 2e3, 5e3, 1e4, 2e4, 5e4, 1e5),
                DotChart::millis);
    }

    private List<RowOfDots> rows(BiFunction<Workload, Policy, Dot> dot) {
        List<RowOfDots> rows = new ArrayList<>();
        for (Workload workload : results.workloads()) {
            List<Dot> dots = new ArrayList<>();
            results.policies().forEach(policy -> dots.add(dot.apply(workload, policy)));
            rows.add(new RowOfDots(workload.title(), dots));
        }
        return rows;
    }

    private static Dot dot(Policy policy, double value, double low, double high) {
        String color = COLORS.getOrDefault(policy.name(), Dot.GREY);
        return new Dot(policy.title(), value, low, high, color);
    }
}
