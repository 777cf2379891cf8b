package io.weir.bench.compare;

import io.weir.bench.echo.EchoLoad;
import io.weir.bench.extproc.DirectLoad;
import io.weir.bench.extproc.DirectReport;
import io.weir.bench.load.Latencies;

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
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/**
 * What the picker's process takes by itself: this process plays Envoy to it, on the other core.
 * Several builds take turns, and a plain echo with them, which shows what is the machine's.
 */
public final class DirectComparison {

    private static final int PICKER_CORE = 0;
    private static final int CORES = 2;
    private static final int PORT = 19_220;
    private static final int ECHO_PORT = 19_219;
    private static final int METRICS_PORT = 19_320;
    private static final Duration SETTLE = Duration.ofMillis(500);

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
     * @param awake whether to keep the cores from going to sleep
     * @param warmup time before the first round of each, in closed loop
     * @param duration time of a round
     */
    public record Settings(
            List<Path> launchers,
            boolean tls,
            String javaOptions,
            SimulatedServers servers,
            String only,
            int rounds,
            boolean awake,
            Duration warmup,
            Duration duration) {

        public Settings {
            launchers = List.copyOf(launchers);
        }
    }

    /** A running picker. */
    private record Build(
            String name, ChildProcess process, InetSocketAddress address, PickerTimes times) {}

    /** A round of the echo. */
    private record Echoed(Latencies roundTrips, long cpuMicros) {

        double cost() {
            return (double) cpuMicros / roundTrips.count();
        }
    }

    /** A round of a picker. */
    private record Measured(DirectReport report, Cpu cpu, Cpu client, PickerTimes.Read times) {

        double cost(DirectWork work) {
            return each(work, cpu.allMicros());
        }

        double costWithoutCompilers(DirectWork work) {
            return each(work, cpu.allMicros() - cpu.compilerMicros());
        }

        double clientCost(DirectWork work) {
            return each(work, client.allMicros() - client.compilerMicros());
        }

        private double each(DirectWork work, long micros) {
            long parts = work.perChunk() ? report.chunks() : report.requests();
            return parts == 0 ? Double.NaN : (double) micros / parts;
        }
    }

    /** What a process has used, and Java's compilers of it. */
    private record Cpu(long allMicros, long compilerMicros) {

        static final Cpu NONE = new Cpu(0, 0);

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

    /** Runs everything; takes some minutes. */
    public void run() throws IOException {
        ProxyComparison.pinSelf();
        Path directory = Files.createTempDirectory("weir-bench");
        out.println("logs are in " + directory);
        List<Build> builds = new ArrayList<>();
        try (AwakeCores _ = AwakeCores.first(settings.awake() ? CORES : 0);
                ChildProcess echo = startEcho(directory)) {
            for (Path launcher : settings.launchers()) {
                builds.add(start(launcher, directory, builds.size()));
            }
            DirectWork.all().stream()
                    .filter(work -> work.title().contains(settings.only()))
                    .forEach(work -> compare(work, builds, echo));
        } finally {
            builds.forEach(build -> build.process().close());
        }
    }

    private ChildProcess startEcho(Path directory) {
        return ChildProcess.start(
                PICKER_CORE,
                List.of(
                        settings.launchers().getFirst().toString(),
                        "bench",
                        "echo",
                        "--port=" + ECHO_PORT),
                directory.resolve("echo.log"),
                loopback(ECHO_PORT));
    }

    private Build start(Path launcher, Path directory, int number) {
        InetSocketAddress address = loopback(PORT + number);
        InetSocketAddress metrics = loopback(METRICS_PORT + number);
        ChildProcess process =
                PickerProcess.start(
                        launcher,
                        List.of(
                                "--secure-serving=" + settings.tls(),
                                "--grpc-health-port=0",
                                "--metrics-port=" + metrics.getPort()),
                        settings.javaOptions(),
                        directory,
                        PICKER_CORE,
                        address,
                        settings.servers().instant());
        return new Build(
                String.valueOf(launcher.getParent()), process, address, new PickerTimes(metrics));
    }

    private void compare(DirectWork work, List<Build> builds, ChildProcess echo) {
        Map<Build, List<Measured>> rounds = new LinkedHashMap<>();
        List<Echoed> echoes = new ArrayList<>();
        builds.forEach(build -> measure(work.hurried(), build, settings.warmup()));
        askEcho(work, echo);
        for (int round = 1; round <= settings.rounds(); round++) {
            for (Build build : builds) {
                rounds.computeIfAbsent(build, _ -> new ArrayList<>())
                        .add(measure(work, build, Duration.ZERO));
            }
            askEcho(work, echo).ifPresent(echoes::add);
        }
        out.printf(
                "%n### %s%n%n| build | CPU us, median | without compilers | each round | client's | core %% | requests/s | chunks/s |"
                        + " replies | pick p50 us | p99 us | chunk p50 us | p99 us | RSS MiB |"
                        + " failures |%n|---|---|---|---|---|---|---|---|---|---|---|---|---|---|---|%n",
                work.title());
        rounds.forEach((build, list) -> print(work, build, list));
        rounds.forEach((build, list) -> printTimes(build, list));
        if (work.echo() != null && !echoes.isEmpty()) {
            print(work.echo(), echoes);
        }
        out.flush();
    }

    private Measured measure(DirectWork work, Build build, Duration warmup) {
        long pid = build.process().pid();
        PickerTimes.Read timesBefore = build.times().read();
        long self = ProcessHandle.current().pid();
        Cpu[] before = new Cpu[] {Cpu.NONE, Cpu.NONE};
        DirectReport report =
                DirectLoad.run(
                        work.plan(
                                build.address(),
                                settings.tls(),
                                warmup.plus(SETTLE),
                                settings.duration()),
                        () -> {
                            before[0] = Cpu.of(pid);
                            before[1] = Cpu.of(self);
                        });
        Cpu used = Cpu.of(pid).since(before[0]);
        Cpu client = Cpu.of(self).since(before[1]);
        return new Measured(report, used, client, build.times().read().since(timesBefore));
    }

    private Optional<Echoed> askEcho(DirectWork work, ChildProcess echo) {
        if (work.echo() == null) {
            return Optional.empty();
        }
        long[] before = new long[1];
        Latencies roundTrips =
                EchoLoad.run(
                        work.echo().plan(loopback(ECHO_PORT), SETTLE, settings.duration()),
                        () -> before[0] = ProcessUsage.of(echo.pid()).cpuMicros());
        long used = ProcessUsage.of(echo.pid()).cpuMicros() - before[0];
        return Optional.of(new Echoed(roundTrips, used));
    }

    private void print(DirectWork work, Build build, List<Measured> rounds) {
        String each =
                rounds.stream()
                        .map(round -> "%.1f".formatted(round.costWithoutCompilers(work)))
                        .collect(Collectors.joining(", "));
        out.printf(
                "| %s | %.1f | %.1f | %s | %.1f | %.0f | %.0f | %.0f | %.0f | %.0f | %.0f | %.0f | %.0f | %d | %s |%n",
                build.name(),
                median(rounds, round -> round.cost(work)),
                median(rounds, round -> round.costWithoutCompilers(work)),
                each,
                median(rounds, round -> round.clientCost(work)),
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

    private void printTimes(Build build, List<Measured> rounds) {
        for (String name : PickerTimes.HISTOGRAMS) {
            out.printf(
                    "%n%s says of itself, %s: p50 %.0f us, p99 %.0f us.%n",
                    build.name(),
                    name,
                    median(rounds, round -> round.times().micros(name, 0.5)),
                    median(rounds, round -> round.times().micros(name, 0.99)));
        }
    }

    private void print(DirectWork.Echo echo, List<Echoed> rounds) {
        out.printf(
                "%nAn echo of %,d bytes, %.0f a second: CPU %.1f us each, p50 %.0f us, p99 %.0f us.%n",
                echo.bytes(),
                echo.rate(),
                median(rounds, Echoed::cost),
                median(rounds, round -> round.roundTrips().micros(50)),
                median(rounds, round -> round.roundTrips().micros(99)));
    }

    private static InetSocketAddress loopback(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    private static <T> double median(List<T> rounds, ToDoubleFunction<T> of) {
        double[] values = rounds.stream().mapToDouble(of).toArray();
        Arrays.sort(values);
        return values[values.length / 2];
    }
}
