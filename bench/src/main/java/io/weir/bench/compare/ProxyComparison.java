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
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Runs the contestants in turns and prints a table in Markdown. */
public final class ProxyComparison {

    private static final int PROXY_CORE = 0;
    private static final int CLIENT_CORE = 1;
    private static final int HAPROXY_PORT = 18_100;
    private static final int WEIR_PORT = 18_200;

    private final Settings settings;
    private final PrintWriter out;

    /**
     * How long and how often to measure.
     *
     * @param launcher the {@code weir} launcher
     * @param servers the simulated servers
     * @param workloads what to send
     * @param rounds rounds of each contestant and workload
     * @param warmup time before the first round of each contestant
     * @param duration time of a round
     */
    public record Settings(
            Path launcher,
            SimulatedServers servers,
            Set<Workload> workloads,
            int rounds,
            Duration warmup,
            Duration duration) {}

    public ProxyComparison(Settings settings, PrintWriter out) {
        this.settings = settings;
        this.out = out;
    }

    /** Runs everything; takes several minutes. */
    public void run() throws IOException {
        pinSelf();
        Path directory = Files.createTempDirectory("weir-bench");
        out.println("logs are in " + directory);
        if (wanted(Workload.UNARY) || wanted(Workload.LONG_PROMPT)) {
            overInstantServers(directory, settings.servers().instant());
        }
        if (wanted(Workload.STREAM)) {
            overPacedServers(directory, settings.servers().paced());
        }
    }

    private boolean wanted(Workload workload) {
        return settings.workloads().contains(workload);
    }

    private void overInstantServers(Path directory, List<InetSocketAddress> servers) {
        try (Contestant haproxy = haproxy(directory, servers);
                Contestant weir = weir(directory, servers)) {
            long idleBytes = ProcessUsage.of(weir.pid()).residentBytes();
            out.printf("Weir at rest: RSS %d MiB%n", idleBytes >> 20);
            List<Contestant> contestants = List.of(haproxy, weir);
            if (wanted(Workload.UNARY)) {
                compare(Workload.UNARY, contestants);
            }
            if (wanted(Workload.LONG_PROMPT)) {
                compare(Workload.LONG_PROMPT, contestants);
                addedLatency(contestants);
            }
        }
    }

    private void overPacedServers(Path directory, List<InetSocketAddress> servers) {
        try (Contestant haproxy = haproxy(directory, servers);
                Contestant weir = weir(directory, servers)) {
            compare(Workload.STREAM, List.of(haproxy, weir));
            openStreams(weir);
        }
    }

    private static Contestant haproxy(Path directory, List<InetSocketAddress> servers) {
        return Haproxy.start(directory, PROXY_CORE, loopback(HAPROXY_PORT), servers);
    }

    private Contestant weir(Path directory, List<InetSocketAddress> servers) {
        return WeirGateway.start(
                settings.launcher(), directory, PROXY_CORE, loopback(WEIR_PORT), servers);
    }

    /** Memory of a thousand streams under way at once. */
    private void openStreams(Contestant weir) {
        progress("a thousand open streams");
        long before = ProcessUsage.of(weir.pid()).residentBytes();
        LoadPlan stream =
                Workload.STREAM.plan(weir.address(), Duration.ofSeconds(2), settings.duration());
        LoadReport report =
                LoadGenerator.run(
                        new LoadPlan(
                                stream.target(),
                                stream.path(),
                                stream.bodies(),
                                1_000,
                                0,
                                stream.warmup(),
                                stream.duration(),
                                0));
        long after = ProcessUsage.of(weir.pid()).residentBytes();
        out.printf(
                "%n### 1,000 streams open at once%n%nRSS %d MiB before, %d MiB after; %s%n",
                before >> 20, after >> 20, report);
    }

    private void compare(Workload workload, List<Contestant> contestants) {
        Map<String, List<Round>> rounds = new TreeMap<>();
        for (Contestant contestant : contestants) {
            progress("warming up " + contestant.name() + ": " + workload.title());
            Duration warmup = contestant.warmsUp() ? settings.warmup() : Duration.ZERO;
            Round.run(contestant, plan(workload, contestant, warmup));
        }
        for (int round = 1; round <= settings.rounds(); round++) {
            for (Contestant contestant : contestants) {
                progress("round " + round + " of " + settings.rounds() + ": " + contestant.name());
                rounds.computeIfAbsent(contestant.name(), _ -> new ArrayList<>())
                        .add(Round.run(contestant, plan(workload, contestant, Duration.ZERO)));
            }
        }
        print(workload, rounds);
    }

    private LoadPlan plan(Workload workload, Contestant contestant, Duration warmup) {
        Duration settle = warmup.plusMillis(500);
        return workload.plan(contestant.address(), settle, settings.duration());
    }

    private void print(Workload workload, Map<String, List<Round>> rounds) {
        double base = median(workload, rounds.getOrDefault("HAProxy", List.of()));
        out.printf("%n### %s%n%n", workload.title());
        out.printf(
                "| proxy | %s, median | each round | ratio | requests/s | first byte p99 us | RSS"
                        + " MiB | failures |%n|---|---|---|---|---|---|---|---|%n",
                workload.unit());
        rounds.forEach((name, list) -> printRow(workload, name, list, base));
        out.flush();
    }

    private void printRow(Workload workload, String name, List<Round> list, double base) {
        double median = median(workload, list);
        Round last = list.getLast();
        List<String> each =
                list.stream().map(round -> "%.1f".formatted(workload.measure(round))).toList();
        out.printf(
                "| %s | %.1f | %s | %.2f | %.0f | %d | %d | %s |%n",
                name,
                median,
                String.join(", ", each),
                median / base,
                last.report().requestsPerSecond(),
                last.report().firstByteMicros(99),
                last.residentBytes() >> 20,
                list.stream().map(round -> round.report().failures()).toList());
    }

    private static double median(Workload workload, List<Round> rounds) {
        double[] values = rounds.stream().mapToDouble(workload::measure).sorted().toArray();
        return values.length == 0 ? Double.NaN : values[values.length / 2];
    }

    private void addedLatency(List<Contestant> contestants) {
        Workload workload = Workload.LONG_PROMPT;
        Contestant weir = contestants.getLast();
        double most =
                Round.run(weir, plan(workload, weir, Duration.ofSeconds(1)))
                        .report()
                        .requestsPerSecond();
        List<AddedLatency.Path> paths = new ArrayList<>();
        paths.add(new AddedLatency.Path("no proxy", settings.servers().instant().getFirst()));
        contestants.forEach(c -> paths.add(new AddedLatency.Path(c.name(), c.address())));
        new AddedLatency(workload, paths, most / 2, settings.duration(), out)
                .run(settings.rounds());
    }

    private static void progress(String text) {
        System.err.println(text);
    }

    private static InetSocketAddress loopback(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    /** Moves this process, with load generator and servers, off the proxies' core. */
    static void pinSelf() throws IOException {
        String pid = Long.toString(ProcessHandle.current().pid());
        Process taskset =
                new ProcessBuilder("taskset", "-a", "-c", "-p", Integer.toString(CLIENT_CORE), pid)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
        try {
            taskset.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
