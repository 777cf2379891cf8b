package io.weir.app.up;

import io.weir.config.Compilation;
import io.weir.resource.Problem;
import io.weir.resource.Problem.Severity;
import io.weir.resource.manifest.LoadResult;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;

/**
 * Everything that was configured, at one moment. Immutable.
 *
 * @param manifests the objects
 * @param servers model servers of endpoints files
 * @param compilation what came of them
 * @param otherProblems what was found wrong on the way to the data plane: servers that can't start,
 *     pickers that can't be set up, ports that can't be bound
 */
public record Configuration(
        LoadResult manifests,
        FileEndpoints servers,
        Compilation compilation,
        List<Problem> otherProblems) {

    /** Nothing configured. */
    public static final Configuration EMPTY =
            new Configuration(LoadResult.EMPTY, FileEndpoints.NONE, Compilation.EMPTY, List.of());

    public Configuration {
        otherProblems = List.copyOf(otherProblems);
    }

    /** Returns this configuration with further problems. */
    public Configuration with(List<Problem> further) {
        List<Problem> all = new ArrayList<>(otherProblems);
        all.addAll(further);
        return new Configuration(manifests, servers, compilation, all);
    }

    /** Returns this configuration with another compilation. */
    Configuration withCompilation(Compilation other) {
        return new Configuration(manifests, servers, other, otherProblems);
    }

    /** Returns everything that is wrong, each thing once. */
    public List<Problem> problems() {
        LinkedHashSet<Problem> all = new LinkedHashSet<>(manifests.problems());
        all.addAll(servers.problems());
        all.addAll(compilation.problems());
        all.addAll(otherProblems);
        return new ArrayList<>(all);
    }

    /** Returns how many problems there are of a severity. */
    public long count(Severity severity) {
        return problems().stream().filter(problem -> problem.severity() == severity).count();
    }
}
