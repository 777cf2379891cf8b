package io.weir.bench.compare;

import io.weir.bench.load.LoadGenerator;
import io.weir.bench.load.LoadPlan;
import io.weir.bench.load.LoadReport;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a request costs where Envoy asks Weir's picker, process by process, beside the same request
 * through Weir alone. Both paths share one core and take turns.
 */
public final class PickerComparison {

    private static final int PROXY_CORE = 0;
    private static final int WEIR_PORT = 19_200;
    private static final int ENVOY_PORT = 19_210;

    private final Settings settings;
    private final PrintWriter out;

    /**
     * How long and how often to measure.
     *
     * @param launcher the {@code weir} launcher
     * @param envoy the Envoy
     * @param javaOptions options of the picker's virtual machine
     * @param servers the simulated servers
     * @param only part of the titles of what is measured; empty for all
     * @param rounds rounds of each path and work
     * @param warmup time before the first round of each
     * @param duration time of a round
     */
    public record Settings(
            Path launcher,
            Path envoy,
            String javaOptions,
            SimulatedServers servers,
            String only,
            int rounds,
            Duration warmup,
            Duration duration) {}

    /** A way to the servers and the processes on it. */
    private record Way(String name, InetSocketAddress address, Map<String, Long> pids) {}

    /** What is sent, and by what its cost is divided. */
    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    private record Work(
            String title, byte[] body, int connections, double rate, boolean perChunk) {}

    /** One round: what the client saw, and CPU time by process. */
    private record Measured(LoadReport report, Map<String, Long> cpuMicros) {}

    public PickerComparison(Settings settings, PrintWriter out) {
        this.settings = settings;
        this.out = out;
    }

    private static byte[] body(int promptBytes, int maxTokens, boolean stream) {
        return LoadPlan.chatBody(WeirGateway.TARGET_MODEL, promptBytes, maxTokens, stream);
    }

    /** Runs everything; takes some minutes. */
    public void run() throws IOException {
        ProxyComparison.pinSelf();
        Path directory = Files.createTempDirectory("weir-bench");
        out.println("logs are in " + directory);
        byte[] stream = body(200, 100, true);
        over(
                directory,
                settings.servers().instant(),
                List.of(
                        new Work("small chat request", body(800, 16, false), 32, 0, false),
                        new Work("small chat request, 500/s", body(800, 16, false), 64, 500, false),
                        new Work("220 KB prompt", body(220_000, 16, false), 150, 0, false),
                        new Work(
                                "1M-token prompt, 10/s",
                                body(3_900_000, 16, false),
                                32,
                                10,
                                false)));
        over(
                directory,
                settings.servers().paced(),
                List.of(
                        new Work("chunk of a stream", stream, 100, 0, true),
                        new Work(
                                "chunk of a stream with usage",
                                LoadPlan.withUsage(stream),
                                100,
                                0,
                                true)));
    }

    private void over(Path directory, List<InetSocketAddress> servers, List<Work> all) {
        List<Work> works =
                all.stream().filter(work -> work.title().contains(settings.only())).toList();
        if (works.isEmpty()) {
            return;
        }
        try (Contestant weir =
                        WeirGateway.start(
                                settings.launcher(),
                                directory,
                                PROXY_CORE,
                                loopback(WEIR_PORT),
                                servers);
                EnvoyWithPicker both =
                        EnvoyWithPicker.start(
                                settings.launcher(),
                                settings.envoy(),
                                settings.javaOptions(),
                                directory,
                                PROXY_CORE,
                                loopback(ENVOY_PORT),
                                servers)) {
            Map<String, Long> pair = new LinkedHashMap<>();
            pair.put("Envoy", both.envoy().pid());
            pair.put("picker", both.picker().pid());
            List<Way> ways =
                    List.of(
                            new Way("Weir", weir.address(), Map.of("Weir", weir.pid())),
                            new Way("Envoy + picker", both.address(), pair));
            works.forEach(work -> compare(work, ways));
        }
    }

    private void compare(Work work, List<Way> ways) {
        Map<Way, List<Measured>> rounds = new LinkedHashMap<>();
        ways.forEach(way -> measure(work, way, settings.warmup()));
        for (int round = 1; round <= settings.rounds(); round++) {
            for (Way way : ways) {
                rounds.computeIfAbsent(way, _ -> new ArrayList<>())
                        .add(measure(work, way, Duration.ZERO));
            }
        }
        out.printf(
                "%n### %s%n%n| path | CPU us by process, median | each round | requests/s |"
                        + " first byte p50 us | p99 us | RSS MiB | failures |%n"
                        + "|---|---|---|---|---|---|---|---|%n",
                work.title());
        rounds.forEach((way, list) -> print(work, way, list));
        out.flush();
    }

    private Measured measure(Work work, Way way, Duration warmup) {
        System.err.println(work.title() + ": " + way.name());
        Map<String, Long> before = new LinkedHashMap<>();
        LoadReport report =
                LoadGenerator.run(
                        new LoadPlan(
                                way.address(),
                                "/v1/chat/completions",
                                List.of(work.body()),
                                work.connections(),
                                work.rate(),
                                warmup.plusMillis(500),
                                settings.duration(),
                                0),
                        () -> before.putAll(cpu(way)));
        Map<String, Long> used = cpu(way);
        used.replaceAll((name, micros) -> micros - before.getOrDefault(name, 0L));
        return new Measured(report, used);
    }

    private static Map<String, Long> cpu(Way way) {
        Map<String, Long> micros = new LinkedHashMap<>();
        way.pids().forEach((name, pid) -> micros.put(name, ProcessUsage.of(pid).cpuMicros()));
        return micros;
    }

    private void print(Work work, Way way, List<Measured> rounds) {
        List<String> medians = new ArrayList<>();
        List<String> each = new ArrayList<>();
        List<String> memory = new ArrayList<>();
        way.pids()
                .forEach((name, pid) -> {
                    double[] costs =
                            rounds.stream().mapToDouble(round -> cost(work, round, name)).toArray();
                    each.add(Arrays.stream(costs).mapToObj("%.1f"::formatted).toList().toString());
                    Arrays.sort(costs);
                    medians.add("%s %.1f".formatted(name, costs[costs.length / 2]));
                    memory.add(name + " " + (ProcessUsage.of(pid).residentBytes() >> 20));
                });
        out.printf(
                "| %s | %s | %s | %.0f | %d | %d | %s | %s |%n",
                way.name(),
                String.join(", ", medians),
                String.join("; ", each),
                rounds.getLast().report().requestsPerSecond(),
                median(rounds, 50),
                median(rounds, 99),
                String.join(", ", memory),
                rounds.stream().map(round -> round.report().failures()).toList());
    }

    private static double cost(Work work, Measured round, String process) {
        LoadReport report = round.report();
        long parts = work.perChunk() ? report.chunks() : report.requests();
        return parts == 0
                ? Double.NaN
                : (double) round.cpuMicros().getOrDefault(process, 0L) / parts;
    }

    private static long median(List<Measured> rounds, double percentile) {
        long[] values =
                rounds.stream()
                        .mapToLong(round -> round.report().firstByteMicros(percentile))
                        .sorted()
                        .toArray();
        return values[values.length / 2];
    }

    private static InetSocketAddress loopback(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }
}
