package io.weir.bench.compare;

import io.weir.bench.extproc.DirectLoad;
import io.weir.bench.extproc.DirectPlan;
import io.weir.bench.extproc.DirectReport;

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
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/**
 * What the picker's process takes by itself: this process plays Envoy to it, on the other core.
 * Several builds take turns.
 */
public final class DirectComparison {

    private static final int PICKER_CORE = 0;
    private static final int PORT = 19_220;
    private static final int STREAMS = 100;
    private static final Duration TOKEN = Duration.ofMillis(10);

    private final Settings settings;
    private final PrintWriter out;

    /**
     * What to measure, and for how long.
     *
     * @param launchers {@code weir} launchers, one for each build
     * @param tls whether the picker speaks TLS
     * @param javaOptions options of the picker's virtual machine
     * @param servers the simulated servers
     * @param only part of the titles of what is measured; empty for all
     * @param rounds rounds of each build and work
     * @param warmup time before the first round of each
     * @param duration time of a round
     */
    public record Settings(
            List<Path> launchers,
            boolean tls,
            String javaOptions,
            SimulatedServers servers,
            String only,
            int rounds,
            Duration warmup,
            Duration duration) {

        public Settings {
            launchers = List.copyOf(launchers);
        }
    }

    /** A running picker. */
    private record Build(String name, ChildProcess process, InetSocketAddress address) {}

    /** What is sent, and by what its cost is divided. */
    private record Work(
            String title, int streams, double rate, int promptBytes, int chunks, Duration token) {}

    /** One round. */
    private record Measured(DirectReport report, Cpu cpu) {

        double cost(Work work) {
            return each(work, cpu.allMicros());
        }

        double costWithoutCompilers(Work work) {
            return each(work, cpu.allMicros() - cpu.compilerMicros());
        }

        private double each(Work work, long micros) {
            long parts = work.chunks() > 1 ? report.chunks() : report.requests();
            return parts == 0 ? Double.NaN : (double) micros / parts;
        }
    }

    /** What a process has used, and Java's compilers of it. */
    private record Cpu(long allMicros, long compilerMicros) {

        static Cpu of(long pid) {
            long compilers = ProcessUsage.compilerMicros(pid);
            return new Cpu(ProcessUsage.of(pid).cpuMicros(), compilers);
        }

        Cpu since(Cpu before) {
            return new Cpu(
                    allMicros - before.allMicros(), compilerMicros - before.compilerMicros());
        }
    }

    public DirectComparison(Settings settings, PrintWriter out) {
        this.settings = settings;
        this.out = out;
    }

    private static List<Work> works() {
        return List.of(
                new Work("small request", 32, 0, 800, 1, TOKEN),
                new Work("small request, 500/s", 1000, 500, 800, 1, TOKEN),
                new Work("chunk of a stream with usage", STREAMS, 0, 200, 100, TOKEN),
                new Work("chunk, one every ms", STREAMS, 0, 200, 100, TOKEN.multipliedBy(10)),
                new Work("chunk, as fast as possible", 32, 0, 200, 1000, Duration.ofNanos(100_000)),
                new Work("220 KB prompt", 150, 0, 220_000, 1, TOKEN),
                new Work("220 KB prompt, 100/s", 1000, 100, 220_000, 1, TOKEN));
    }

    /** Runs everything; takes some minutes. */
    public void run() throws IOException {
        ProxyComparison.pinSelf();
        Path directory = Files.createTempDirectory("weir-bench");
        out.println("logs are in " + directory);
        List<Build> builds = new ArrayList<>();
        try {
            for (Path launcher : settings.launchers()) {
                builds.add(start(launcher, directory, PORT + builds.size()));
            }
            works().stream()
                    .filter(work -> work.title().contains(settings.only()))
                    .forEach(work -> compare(work, builds));
        } finally {
            builds.forEach(build -> build.process().close());
        }
    }

    private Build start(Path launcher, Path directory, int port) {
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        ChildProcess process =
                PickerProcess.start(
                        launcher,
                        List.of("--secure-serving=" + settings.tls(), "--grpc-health-port=0"),
                        settings.javaOptions(),
                        directory,
                        PICKER_CORE,
                        address,
                        settings.servers().instant());
        return new Build(String.valueOf(launcher.getParent()), process, address);
    }

    private void compare(Work work, List<Build> builds) {
        Map<Build, List<Measured>> rounds = new LinkedHashMap<>();
        builds.forEach(build -> measure(work, build, settings.warmup()));
        for (int round = 1; round <= settings.rounds(); round++) {
            for (Build build : builds) {
                rounds.computeIfAbsent(build, _ -> new ArrayList<>())
                        .add(measure(work, build, Duration.ZERO));
            }
        }
        out.printf(
                "%n### %s%n%n| build | CPU us, median | without compilers | each round | core %% | requests/s | chunks/s |"
                        + " replies | pick p50 us | p99 us | chunk p50 us | p99 us | RSS MiB |"
                        + " failures |%n|---|---|---|---|---|---|---|---|---|---|---|---|---|---|%n",
                work.title());
        rounds.forEach((build, list) -> print(work, build, list));
        out.flush();
    }

    private Measured measure(Work work, Build build, Duration warmup) {
        long pid = build.process().pid();
        Cpu[] before = new Cpu[] {new Cpu(0, 0)};
        DirectReport report =
                DirectLoad.run(
                        new DirectPlan(
                                build.address(),
                                settings.tls(),
                                WeirGateway.TARGET_MODEL,
                                1,
                                work.streams(),
                                work.rate(),
                                work.promptBytes(),
                                work.chunks(),
                                work.token(),
                                warmup.plusMillis(500),
                                settings.duration()),
                        () -> before[0] = Cpu.of(pid));
        return new Measured(report, Cpu.of(pid).since(before[0]));
    }

    private void print(Work work, Build build, List<Measured> rounds) {
        String each =
                rounds.stream()
                        .map(round -> "%.1f".formatted(round.costWithoutCompilers(work)))
                        .collect(Collectors.joining(", "));
        out.printf(
                "| %s | %.1f | %.1f | %s | %.0f | %.0f | %.0f | %.0f | %.0f | %.0f | %.0f | %.0f | %d | %s |%n",
                build.name(),
                median(rounds, round -> round.cost(work)),
                median(rounds, round -> round.costWithoutCompilers(work)),
                each,
                median(rounds, round -> round.cpu().allMicros() * 100.0)
                        / settings.duration().toNanos()
                        * 1000,
                median(rounds, round -> round.report().requestsPerSecond()),
                median(rounds, round -> round.report().chunksPerSecond()),
                median(rounds, round -> round.report().replies()),
                median(rounds, round -> round.report().pickMicros(50)),
                median(rounds, round -> round.report().pickMicros(99)),
                median(rounds, round -> round.report().chunkMicros(50)),
                median(rounds, round -> round.report().chunkMicros(99)),
                ProcessUsage.of(build.process().pid()).residentBytes() >> 20,
                rounds.stream().map(round -> round.report().failures()).toList());
    }

    private static double median(List<Measured> rounds, ToDoubleFunction<Measured> of) {
        double[] values = rounds.stream().mapToDouble(of).toArray();
        Arrays.sort(values);
        return values[values.length / 2];
    }
}
