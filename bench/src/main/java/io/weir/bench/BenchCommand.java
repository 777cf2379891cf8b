package io.weir.bench;

import io.weir.bench.compare.DirectComparison;
import io.weir.bench.compare.EnvoyProgram;
import io.weir.bench.compare.Launcher;
import io.weir.bench.compare.PickerComparison;
import io.weir.bench.compare.ProxyComparison;
import io.weir.bench.compare.Rounds;
import io.weir.bench.compare.SimulatedServers;
import io.weir.bench.compare.Workload;
import io.weir.bench.echo.EchoCommand;
import io.weir.bench.load.LoadGenerator;
import io.weir.bench.load.LoadPlan;
import io.weir.bench.micro.MicroCommand;
import io.weir.bench.micro.ScrapeCommand;
import io.weir.bench.propagation.Propagation;
import io.weir.bench.propagation.Setup;
import io.weir.bench.propagation.Size;
import io.weir.bench.score.ConfirmCommand;
import io.weir.bench.score.ScoreCommand;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/** {@code weir bench}: measures. */
@Command(
        name = "bench",
        description = {
            "Measures: a gateway under load, Weir beside HAProxy, and how well endpoints are picked."
        },
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            ScoreCommand.class,
            ConfirmCommand.class,
            MicroCommand.class,
            ScrapeCommand.class,
            EchoCommand.class
        })
public final class BenchCommand {

    @Spec private @Nullable CommandSpec spec;

    @Command(
            description = "Sends chat requests and reports rates and latencies.",
            mixinStandardHelpOptions = true,
            footer = {
                "",
                "Example: weir bench load http://127.0.0.1:8080 --model food-review-1 --rate 50",
                "Exit codes: 0 all requests were answered with 2xx, 1 some were not."
            })
    int load(
            @Parameters(paramLabel = "URL", description = "The gateway, with or without a path.")
                    URI url,
            @Option(
                            names = "--model",
                            paramLabel = "NAME",
                            required = true,
                            description = "Model to ask for.")
                    String model,
            @Option(
                            names = "--connections",
                            paramLabel = "N",
                            defaultValue = "32",
                            description = "Connections. Default: ${DEFAULT-VALUE}")
                    int connections,
            @Option(
                            names = "--rate",
                            paramLabel = "N",
                            defaultValue = "0",
                            description = "Requests per second; 0 sends the next when one ends.")
                    double rate,
            @Option(
                            names = "--seconds",
                            paramLabel = "N",
                            defaultValue = "10",
                            description = "How long. Default: ${DEFAULT-VALUE}")
                    int seconds,
            @Option(
                            names = "--prompt-bytes",
                            paramLabel = "N",
                            defaultValue = "500",
                            description = "Length of the prompt. Default: ${DEFAULT-VALUE}")
                    int promptBytes,
            @Option(
                            names = "--max-tokens",
                            paramLabel = "N",
                            defaultValue = "50",
                            description = "Length of the answer. Default: ${DEFAULT-VALUE}")
                    int maxTokens,
            @Option(names = "--stream", description = "Ask for streamed answers.") boolean stream)
            throws IOException {
        var address = InetAddress.getAllByName(url.getHost())[0];
        String path = url.getPath().isEmpty() ? "/v1/chat/completions" : url.getPath();
        var plan =
                new LoadPlan(
                        new InetSocketAddress(address, url.getPort() < 0 ? 80 : url.getPort()),
                        path,
                        List.of(LoadPlan.chatBody(model, promptBytes, maxTokens, stream)),
                        connections,
                        rate,
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(seconds),
                        0);
        var report = LoadGenerator.run(plan);
        PrintWriter out = out();
        out.println(report);
        out.flush();
        return report.failures().isEmpty() && report.requests() > 0 ? 0 : 1;
    }

    @Command(
            description = {
                "Compares Weir with HAProxy over the same simulated servers, in turns in one run.",
                "Needs Linux with at least two cores, haproxy and taskset."
            },
            mixinStandardHelpOptions = true,
            footer = {"", "Example: weir bench proxy --rounds 5 --seconds 10"})
    void proxy(
            @Mixin Launcher launcher,
            @Mixin Rounds rounds,
            @Option(
                            names = "--warmup",
                            paramLabel = "SECONDS",
                            defaultValue = "120",
                            description =
                                    "Seconds for Weir to get compiled. Default: ${DEFAULT-VALUE}")
                    int warmup,
            @Option(
                            names = "--workload",
                            paramLabel = "NAME",
                            defaultValue = "unary,long_prompt,stream",
                            split = ",",
                            description = "What to send: ${COMPLETION-CANDIDATES}. Default: all.")
                    Set<Workload> workloads)
            throws IOException {
        try (var servers = SimulatedServers.start(4)) {
            new ProxyComparison(
                            new ProxyComparison.Settings(
                                    launcher.path(),
                                    servers,
                                    workloads,
                                    rounds.count(),
                                    Duration.ofSeconds(warmup),
                                    rounds.length()),
                            out())
                    .run();
        }
    }

    @Command(
            description = {
                "Compares Envoy with Weir's picker beside it and Weir alone, in turns in one run.",
                "With --direct it plays Envoy itself, and measures the picker alone.",
                "Needs Linux with at least two cores, taskset and, without --direct, an Envoy."
            },
            mixinStandardHelpOptions = true,
            footer = {
                "",
                "Example: weir bench picker --envoy ./envoy --rounds 5 --seconds 10",
                "Example: weir bench picker --direct --against ../weir-before/weir"
            })
    void picker(
            @Mixin Launcher launcher,
            @Mixin EnvoyProgram envoy,
            @Option(names = "--direct", description = "Measure the picker alone, without an Envoy.")
                    boolean direct,
            @Option(
                            names = "--against",
                            paramLabel = "FILE",
                            split = ",",
                            arity = "1",
                            description =
                                    "With --direct: launchers of other builds to compare with.")
                    @Nullable List<Path> others,
            @Option(names = "--plaintext", description = "With --direct: no TLS.")
                    boolean plaintext,
            @Option(
                            names = "--awake",
                            description =
                                    "With --direct: keep the cores from going to sleep (needs"
                                            + " chrt).")
                    boolean awake,
            @Option(
                            names = "--java-options",
                            paramLabel = "TEXT",
                            defaultValue = "-Xmx384m",
                            description =
                                    "Options of the picker's virtual machine."
                                            + " Default: ${DEFAULT-VALUE}")
                    String javaOptions,
            @Option(
                            names = "--only",
                            paramLabel = "TEXT",
                            defaultValue = "",
                            description = "Part of the titles of what is measured. Default: all.")
                    String only,
            @Mixin Rounds rounds,
            @Option(
                            names = "--warmup",
                            paramLabel = "SECONDS",
                            defaultValue = "30",
                            description =
                                    "Seconds for Weir to get compiled, for each work."
                                            + " Default: ${DEFAULT-VALUE}")
                    int warmup)
            throws IOException {
        List<Path> launchers =
                Stream.concat(
                                Stream.of(launcher.path()),
                                others == null
                                        ? Stream.of()
                                        : others.stream()
                                                .map(other -> launcher.checked("--against", other)))
                        .toList();
        Duration before = Duration.ofSeconds(warmup);
        Path program = direct ? null : envoy.path();
        try (var servers = SimulatedServers.start(4)) {
            if (program == null) {
                new DirectComparison(
                                new DirectComparison.Settings(
                                        launchers,
                                        !plaintext,
                                        javaOptions,
                                        servers,
                                        only,
                                        rounds.count(),
                                        awake,
                                        before,
                                        rounds.length()),
                                out())
                        .run();
                return;
            }
            new PickerComparison(
                            new PickerComparison.Settings(
                                    launchers.getFirst(),
                                    program,
                                    javaOptions,
                                    servers,
                                    only,
                                    rounds.count(),
                                    before,
                                    rounds.length()),
                            out())
                    .run();
        }
    }

    @Command(
            description =
                    "Measures how long a change of one object among many takes to be in force, and"
                            + " its status to be written. The gateway runs as a process of its own."
                            + " Needs Linux.",
            mixinStandardHelpOptions = true,
            footer = {"", "Example: weir bench propagation --size 1000x100x10"})
    void propagation(
            @Mixin Launcher launcher,
            @Option(
                            names = "--setup",
                            paramLabel = "NAME",
                            defaultValue = "up,gateway",
                            split = ",",
                            description =
                                    "up: with its own API. gateway: with that of another process."
                                            + " Default: both, in turn.")
                    List<Setup> setups,
            @Option(
                            names = "--size",
                            defaultValue = "1000x100x10,10000x1000x10",
                            split = ",",
                            paramLabel = "ROUTESxPOOLSxENDPOINTS",
                            description = "How many objects there are. Default: ${DEFAULT-VALUE}")
                    List<String> sizes,
            @Option(
                            names = "--warmup",
                            paramLabel = "SECONDS",
                            defaultValue = "100",
                            description =
                                    "Changes of each kind that don't count."
                                            + " Default: ${DEFAULT-VALUE}")
                    int warmup,
            @Option(
                            names = "--changes",
                            paramLabel = "N",
                            defaultValue = "200",
                            description = "Changes of each kind. Default: ${DEFAULT-VALUE}")
                    int changes)
            throws IOException, InterruptedException {
        Path program = launcher.path();
        for (String size : sizes) {
            for (Setup setup : setups) {
                var settings =
                        new Propagation.Settings(program, setup, Size.parse(size), warmup, changes);
                new Propagation(settings, out()).run();
            }
        }
    }

    private PrintWriter out() {
        return Objects.requireNonNull(spec, "spec").commandLine().getOut();
    }
}
