package io.weir.app.check;

import io.weir.resource.Problem;
import io.weir.resource.Problem.Severity;
import io.weir.resource.manifest.DecodeResult;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a check found.
 *
 * @param problems errors and warnings, by file and line
 * @param objects how many objects were read
 * @param skipped objects of kinds that are not read
 */
public record CheckReport(
        List<Problem> problems, Set<String> objects, List<DecodeResult.Unknown> skipped) {

    public CheckReport {
        problems = List.copyOf(problems);
        objects = Set.copyOf(objects);
        skipped = List.copyOf(skipped);
    }

    /** Returns how many errors there are. */
    public long errors() {
        return count(Severity.ERROR);
    }

    private long count(Severity severity) {
        return problems.stream().filter(problem -> problem.severity() == severity).count();
    }

    /** Returns how many objects no error is about. */
    private long fine() {
        long refused =
                problems.stream()
                        .filter(problem -> problem.severity() == Severity.ERROR)
                        .map(Problem::object)
                        .filter(objects::contains)
                        .distinct()
                        .count();
        return objects.size() - refused;
    }

    /** Returns the result in one line. */
    public String summary() {
        String left =
                skipped.isEmpty()
                        ? ""
                        : "; not read by Weir: "
                                + skipped.stream()
                                        .map(unknown -> unknown.kind() + " " + unknown.name())
                                        .distinct()
                                        .collect(Collectors.joining(", "));
        return plural(fine(), "object")
                + " fine, "
                + plural(errors(), "error")
                + ", "
                + plural(count(Severity.WARNING), "warning")
                + left;
    }

    private static String plural(long count, String noun) {
        return count + " " + noun + (count == 1 ? "" : "s");
    }
}
