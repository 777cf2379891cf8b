package io.weir.bench.compare;

import io.weir.bench.load.LoadGenerator;
import io.weir.bench.load.LoadPlan;
import io.weir.bench.load.LoadReport;

import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

/** The time to the first byte at a fixed rate of requests, through proxies and without one. */
final class AddedLatency {

    private static final int MOST_CONNECTIONS = 256;

    private final Workload workload;
    private final List<Path> paths;
    private final double rate;
    private final Duration duration;
    private final PrintWriter out;

    /** A way to the servers. */
    record Path(String name, InetSocketAddress target) {}

    AddedLatency(
            Workload workload, List<Path> paths, double rate, Duration duration, PrintWriter out) {
        this.workload = workload;
        this.paths = List.copyOf(paths);
        this.rate = rate;
        this.duration = duration;
        this.out = out;
    }

    /** Runs all paths in turns and prints the medians over the rounds. */
    void run(int rounds) {
        Map<Path, List<LoadReport>> reports = new LinkedHashMap<>();
        for (int round = 1; round <= rounds; round++) {
            for (Path path : paths) {
                System.err.printf("open loop, round %d of %d: %s%n", round, rounds, path.name());
                reports.computeIfAbsent(path, _ -> new ArrayList<>()).add(measure(path));
            }
        }
        out.printf("%n### %s at %.0f/s, half of Weir's most%n%n", workload.title(), rate);
        out.println("| path | first byte p50 us | p90 | p99 | p99 of each round | failures |");
        out.println("|---|---|---|---|---|---|");
        reports.forEach(this::print);
        out.flush();
    }

    private LoadReport measure(Path path) {
        LoadPlan closed = workload.plan(path.target(), Duration.ofSeconds(1), duration);
        return LoadGenerator.run(
                new LoadPlan(
                        path.target(),
                        closed.path(),
                        closed.bodies(),
                        MOST_CONNECTIONS,
                        rate,
                        closed.warmup(),
                        duration,
                        0));
    }

    private void print(Path path, List<LoadReport> reports) {
        out.printf(
                "| %s | %d | %d | %d | %s | %s |%n",
                path.name(),
                median(reports, report -> report.firstByteMicros(50)),
                median(reports, report -> report.firstByteMicros(90)),
                median(reports, report -> report.firstByteMicros(99)),
                reports.stream().map(report -> report.firstByteMicros(99)).toList(),
                reports.stream().map(LoadReport::failures).toList());
    }

    private static long median(List<LoadReport> reports, ToLongFunction<LoadReport> value) {
        long[] values = reports.stream().mapToLong(value).sorted().toArray();
        return values[values.length / 2];
    }
}
