package io.weir.bench.score;

import io.weir.bench.compare.Launcher;
import io.weir.simulator.engine.EngineProfile;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;

/** {@code weir bench confirm}: the scorecard's virtual time beside real time. */
@Command(
        name = "confirm",
        description =
                "Sends one workload of the scorecard through a real gateway to simulated servers"
                        + " over HTTP, and prints what came of it beside what virtual time says."
                        + " Needs taskset.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example: weir bench confirm --seconds 60"})
public final class ConfirmCommand implements Callable<Integer> {

    private static final int SERVERS = 4;
    private static final int GROUPS = 75;
    private static final int SHARED_TOKENS = 6000;
    private static final int OWN_TOKENS = 1200;
    private static final int ANSWER_TOKENS = 250;
    private static final long SEED = 1;
    private static final List<String> POLICIES =
            List.of("random", "affinity-token-load", Policies.WEIR);

    @Spec private @Nullable CommandSpec spec;

    @Mixin private Launcher launcher = new Launcher();

    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "8",
            description = "Requests per second. Default: ${DEFAULT-VALUE}")
    private double rate;

    @Option(
            names = "--warmup",
            paramLabel = "SECONDS",
            defaultValue = "30",
            description = "Seconds before requests count. Default: ${DEFAULT-VALUE}")
    private double warmupSeconds;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            defaultValue = "60",
            description = "Seconds in which they do. Default: ${DEFAULT-VALUE}")
    private double seconds;

    @Override
    public Integer call() throws IOException {
        Workload workload = workload();
        Path folder = Files.createTempDirectory("weir-confirm");
        PrintWriter out = Objects.requireNonNull(spec, "spec").commandLine().getOut();
        Table table =
                new Table()
                        .add(
                                List.of(
                                        "policy",
                                        "time",
                                        "requests",
                                        "failed",
                                        "% within limits",
                                        "TTFT mean, ms",
                                        "p50",
                                        "p99",
                                        "TPOT mean, ms",
                                        "prefix hits, %"));
        long failed = 0;
        for (Policy policy : Policies.all()) {
            if (!POLICIES.contains(policy.name())) {
                continue;
            }
            Outcome virtual = new Run(workload, policy, rate, SEED, Long.MAX_VALUE).run();
            Outcome real = real(workload, policy, folder);
            table.add(line(policy, "virtual", virtual)).add(line(policy, "real", real));
            failed += real.refused();
        }
        out.println(table.markdown());
        out.flush();
        return failed == 0 ? 0 : 1;
    }

    private Outcome real(Workload workload, Policy policy, Path folder) throws IOException {
        Path weir = launcher.path();
        try (RealFleet fleet = new RealFleet(workload, policy, weir, folder);
                HttpClient client =
                        HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            return new RealRun(workload, fleet.url(), client).run(rate, SEED);
        }
    }

    private Workload workload() {
        EngineProfile profile = EngineProfile.QWEN_32B_H100;
        return new Workload(
                "confirm",
                "shared prefixes, four servers",
                Fleet.equal(profile, SERVERS),
                List.of(),
                Slo.PATIENT,
                rate,
                warmupSeconds,
                seconds,
                seed ->
                        Traffic.sharedPrefix(
                                seed, GROUPS, SHARED_TOKENS, OWN_TOKENS, ANSWER_TOKENS));
    }

    private static List<String> line(Policy policy, String time, Outcome o) {
        return List.of(
                policy.title(),
                time,
                Long.toString(o.requests()),
                Long.toString(o.refused()),
                String.format(Locale.ROOT, "%.1f", 100 * o.attainment()),
                String.format(Locale.ROOT, "%.0f", o.ttftMean()),
                String.format(Locale.ROOT, "%.0f", o.ttftP50()),
                String.format(Locale.ROOT, "%.0f", o.ttftP99()),
                String.format(Locale.ROOT, "%.1f", o.tpotMean()),
                String.format(Locale.ROOT, "%.1f", 100 * o.prefixHits()));
    }
}
