package io.weir.bench.score;

import io.weir.picker.PickerSettings;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.io.Console;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.LongStream;

/** {@code weir bench score}: how well endpoints are picked. */
@Command(
        name = "score",
        description =
                "Compares ways to pick endpoints over simulated servers in virtual time: the"
                        + " highest rate at which 99 %% of the requests stay within their limits,"
                        + " and times at one rate.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Example: weir bench score --quick",
            "Example: weir bench score --out results/",
            "Exit codes: 0 Weir's default is nowhere behind round robin, 1 it is somewhere."
        })
public final class ScoreCommand implements Callable<Integer> {

    private static final Set<String> SEARCHED_IN_QUICK_RUNS =
            Set.of(Policies.ROUND_ROBIN, Policies.WEIR);

    @Spec private @Nullable CommandSpec spec;

    @Option(
            names = "--quick",
            description = {
                "One seed; highest rates of round robin and Weir's default only. Takes a minute."
            })
    private boolean quick;

    @Option(
            names = "--workload",
            split = ",",
            description = "Workloads. Default: all.",
            paramLabel = "NAME")
    private List<String> workloadNames = List.of();

    @Option(
            names = "--policy",
            split = ",",
            description = "Policies. Default: all.",
            paramLabel = "NAME")
    private List<String> policyNames = List.of();

    @Option(
            names = "--study",
            split = ",",
            description =
                    "rates: all policies on all workloads. ablation: Weir's default without one"
                            + " thing at a time. sensitivity: rivals on servers that are a quarter"
                            + " faster or slower in one thing. Default: all three; rates with"
                            + " --quick.",
            paramLabel = "NAME")
    private List<String> studyNames = List.of();

    @Option(
            names = "--workers",
            description = "Threads that run. Default: one for each processor.",
            paramLabel = "N")
    private int workers = Runtime.getRuntime().availableProcessors();

    @Option(
            names = "--config",
            description = "A further policy: the name and file of an EndpointPickerConfig.",
            paramLabel = "NAME=FILE")
    private Map<String, Path> configs = Map.of();

    @Option(
            names = "--seeds",
            description = "First and last seed. Default: 1001-1010, or 1001-1001 with --quick.",
            paramLabel = "FIRST-LAST")
    private @Nullable String seedRange;

    @Option(
            names = "--traces",
            description =
                    "Folder with azure-llm-2023-conversation.csv.gz and"
                            + " mooncake-conversation.jsonl.gz. Without it, traffic of the same"
                            + " parameters is made up.",
            paramLabel = "DIR")
    private @Nullable Path traces;

    @Option(
            names = "--out",
            description = {
                "Folder for results, pictures and tables; a run that was interrupted goes on."
            },
            paramLabel = "DIR")
    private @Nullable Path out;

    @Override
    public Integer call() throws IOException, InterruptedException {
        List<Study> studies = studies();
        Map<String, Results> results = run(studies);
        List<Table> tables = new ArrayList<>();
        results.forEach((study, of) -> tables.addAll(Report.tables(study, of)));
        tables.forEach(table -> out().println(table.plain()));
        Results rates = results.get(Study.RATES);
        if (out != null) {
            if (rates != null) {
                new Pictures(rates).write(out);
            }
            Page.write(out.resolve("routing-quality.md"), tables);
        }
        List<String> losses =
                rates == null ? List.of() : rates.losses(Policies.WEIR, Policies.ROUND_ROBIN);
        losses.forEach(loss -> out().println("LOSS " + loss));
        out().flush();
        return losses.isEmpty() ? 0 : 1;
    }

    private Map<String, Results> run(List<Study> studies) throws IOException, InterruptedException {
        Map<String, List<Row>> known = new HashMap<>();
        for (Study study : studies) {
            Path file = file(study);
            known.put(
                    study.name(),
                    file != null && Files.exists(file) ? ResultFile.read(file) : List.of());
        }
        Progress progress =
                new Progress(
                        System.err,
                        Optional.ofNullable(System.console())
                                .map(Console::isTerminal)
                                .orElse(false),
                        studies.stream().mapToInt(Study::size).sum(),
                        studies.stream()
                                .mapToInt(study ->
                                        study.count(known.getOrDefault(study.name(), List.of())))
                                .sum());
        Map<String, Results> results = new LinkedHashMap<>();
        for (Study study : studies) {
            results.put(
                    study.name(),
                    run(study, known.getOrDefault(study.name(), List.of()), progress));
        }
        progress.end();
        return results;
    }

    private Results run(Study study, List<Row> known, Progress progress)
            throws IOException, InterruptedException {
        Path file = file(study);
        Scorecard scorecard =
                new Scorecard(
                        study,
                        workers,
                        row -> {
                            progress.step(row.workload() + ", " + row.policy());
                            keep(file, row);
                        });
        Results results = scorecard.run(known);
        if (file != null) {
            ResultFile.write(file, results.all());
        }
        return results;
    }

    private @Nullable Path file(Study study) throws IOException {
        return out == null ? null : Files.createDirectories(out).resolve(study.file());
    }

    private List<Study> studies() throws IOException {
        List<Workload> workloads =
                chosen("--workload", workloadNames, Workloads.all(traces), Workload::name);
        List<String> all = quick ? List.of(Study.RATES) : Study.NAMES;
        List<String> names = chosen("--study", studyNames, Study.NAMES, Function.identity());
        List<Study> studies = new ArrayList<>();
        for (String name : studyNames.isEmpty() ? all : names) {
            studies.add(
                    switch (name) {
                        case Study.ABLATION ->
                                new Study(
                                        name,
                                        workloads,
                                        Policies.ablations(),
                                        firstSeeds(2),
                                        _ -> true);
                        case Study.SENSITIVITY ->
                                new Study(
                                        name,
                                        Sensitivity.varied(workloads),
                                        Policies.rivals(),
                                        firstSeeds(2),
                                        _ -> true);
                        default ->
                                new Study(name, workloads, policies(), seeds(), this::isSearched);
                    });
        }
        return studies;
    }

    private List<Long> firstSeeds(int most) {
        List<Long> seeds = seeds();
        return seeds.subList(0, Math.min(most, seeds.size()));
    }

    private List<Policy> policies() throws IOException {
        List<Policy> policies =
                new ArrayList<>(chosen("--policy", policyNames, Policies.all(), Policy::name));
        for (Map.Entry<String, Path> config : configs.entrySet()) {
            policies.add(configured(config.getKey(), config.getValue()));
        }
        return policies;
    }

    private boolean isSearched(Policy policy) {
        return !quick || SEARCHED_IN_QUICK_RUNS.contains(policy.name());
    }

    private static void keep(@Nullable Path file, Row row) {
        if (file == null) {
            return;
        }
        try {
            ResultFile.append(file, row);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<Long> seeds() {
        String range = seedRange != null ? seedRange : quick ? "1001-1001" : "1001-1010";
        String[] ends = range.split("-", -1);
        try {
            long first = Long.parseLong(ends[0]);
            long last = ends.length == 1 ? first : Long.parseLong(ends[1]);
            return LongStream.rangeClosed(first, last).boxed().toList();
        } catch (NumberFormatException e) {
            throw wrong("--seeds: " + range + " (expected: FIRST-LAST)");
        }
    }

    private <T> List<T> chosen(
            String option, List<String> names, List<T> all, Function<T, String> name) {
        List<String> known = all.stream().map(name).toList();
        for (String wanted : names) {
            if (!known.contains(wanted)) {
                throw wrong(option + ": " + wanted + " (expected: one of " + known + ")");
            }
        }
        return all.stream()
                .filter(one -> names.isEmpty() || names.contains(name.apply(one)))
                .toList();
    }

    private static Policy configured(String name, Path file) throws IOException {
        return Policies.weir(
                name, name, new PickerSettings(Files.readString(file), file.toString()));
    }

    private ParameterException wrong(String message) {
        return new ParameterException(Objects.requireNonNull(spec, "spec").commandLine(), message);
    }

    private PrintWriter out() {
        return Objects.requireNonNull(spec, "spec").commandLine().getOut();
    }
}
