package io.weir.app.check;

import io.weir.resource.Problem;
import io.weir.resource.Problem.Severity;
import io.weir.resource.manifest.DecodeResult;

import java.util.List;
import java.util.stream.Collectors;

/**
 * What a check found.
 *
 * @param problems errors and warnings, by file and line
 * @param objects how many objects are fine
 * @param skipped objects of kinds that are not read
 */
public record CheckReport(List<Problem> problems, int objects, List<DecodeResult.Unknown> skipped) {

    public CheckReport {
        problems = List.copyOf(problems);
        skipped = List.copyOf(skipped);
    }

    /** Returns how many errors there are. */
    public long errors() {
        return count(Severity.ERROR);
    }

    private long count(Severity severity) {
        return problems.stream().filter(problem -> problem.severity() == severity).count();
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
        return plural(objects, "object")
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
