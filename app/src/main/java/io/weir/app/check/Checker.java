package io.weir.app.check;

import io.weir.app.simulated.Simulate;
import io.weir.app.simulated.SimulatedDeployments;
import io.weir.config.Compilation;
import io.weir.config.CompileOptions;
import io.weir.config.SnapshotCompiler;
import io.weir.resource.InferencePool;
import io.weir.resource.Origin;
import io.weir.resource.Problem;
import io.weir.resource.Problem.Severity;
import io.weir.resource.manifest.LoadResult;
import io.weir.resource.manifest.ManifestFiles;
import io.weir.resource.manifest.ManifestLoader;
import io.weir.resource.manifest.SourceText;
import io.weir.simulator.engine.EngineProfile;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Validates manifests: each object by itself, and what objects say of each other. */
public final class Checker {

    private static final long BODY_LIMIT = 10L << 20;

    private Checker() {}

    /**
     * Checks manifests.
     *
     * @param names files and folders; {@code -} for the standard input
     * @param standardInput the standard input
     */
    public static CheckReport check(List<String> names, InputStream standardInput)
            throws IOException {
        List<Path> paths = names.stream().filter(name -> !name.equals("-")).map(Path::of).toList();
        ManifestFiles.Texts files = ManifestFiles.read(paths);
        List<SourceText> texts = new ArrayList<>(files.texts());
        if (names.contains("-")) {
            texts.add(new SourceText("standard input", standardInput.readAllBytes()));
        }
        LoadResult loaded =
                new ManifestLoader(Clock.systemUTC()).loadTexts(texts, LoadResult.EMPTY);
        Set<Problem> problems = new LinkedHashSet<>(files.problems());
        problems.addAll(loaded.problems());
        problems.addAll(together(loaded));
        if (loaded.objects().all().isEmpty() && loaded.skipped().isEmpty() && problems.isEmpty()) {
            problems.add(nothing(String.join(", ", names)));
        }
        List<Problem> sorted = problems.stream().sorted(BY_PLACE).toList();
        Set<String> objects =
                loaded.objects().all().stream()
                        .map(object -> object.key().toString())
                        .collect(Collectors.toSet());
        return new CheckReport(sorted, objects, loaded.skipped());
    }

    /** A pipe whose first command failed looks like this. */
    private static Problem nothing(String names) {
        return new Problem(
                Severity.WARNING,
                new Origin(names, 0),
                "",
                "",
                "no objects (expected: at least one)");
    }

    private static final Comparator<Problem> BY_PLACE =
            Comparator.comparing((Problem problem) -> problem.origin().source())
                    .thenComparingInt(problem -> problem.origin().line());

    private static List<Problem> together(LoadResult loaded) {
        SimulatedDeployments simulated =
                SimulatedDeployments.read(loaded.objects(), Simulate.ALL, EngineProfile.INSTANT, 1);
        List<Problem> problems = new ArrayList<>(simulated.problems());
        problems.addAll(
                simulated.portProblems(loaded.objects().all(InferencePool.class), loaded::origin));
        Compilation compilation =
                SnapshotCompiler.compile(
                        loaded.objects(),
                        new CompileOptions(
                                _ -> true,
                                true,
                                _ -> "127.0.0.1",
                                0,
                                BODY_LIMIT,
                                0,
                                CompileOptions.Replicas.NONE,
                                _ -> List.of(),
                                loaded::origin));
        problems.addAll(compilation.problems());
        return problems;
    }
}
