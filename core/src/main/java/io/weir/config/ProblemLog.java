package io.weir.config;

import io.weir.resource.ObjectKey;
import io.weir.resource.Origin;
import io.weir.resource.Problem;
import io.weir.resource.Problem.Severity;
import io.weir.resource.Resource;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;

/** Collects the problems of one compilation. */
final class ProblemLog {

    private final List<Finding> findings = new ArrayList<>();

    void error(Resource resource, String field, String message) {
        findings.add(new Finding(Severity.ERROR, resource, field, message));
    }

    void warning(Resource resource, String field, String message) {
        findings.add(new Finding(Severity.WARNING, resource, field, message));
    }

    void addAll(List<Finding> others) {
        findings.addAll(others);
    }

    int size() {
        return findings.size();
    }

    /** Returns what was found since there was this number of findings. */
    List<Finding> since(int mark) {
        return List.copyOf(findings.subList(mark, findings.size()));
    }

    /** Forgets what was found since there was this number of findings. */
    void forgetSince(int mark) {
        findings.subList(mark, findings.size()).clear();
    }

    /**
     * Returns the problems.
     *
     * @param origins file and line of a field of an object
     */
    List<Problem> problems(BiFunction<ObjectKey, String, Origin> origins) {
        return findings.stream().map(finding -> finding.problem(origins)).toList();
    }

    /**
     * A problem before it is known where its object stands in a file, which may change while the
     * object doesn't.
     */
    record Finding(Severity severity, Resource resource, String field, String message) {

        private Problem problem(BiFunction<ObjectKey, String, Origin> origins) {
            ObjectKey key = resource.key();
            Origin origin = origins.apply(key, field);
            return new Problem(
                    severity,
                    origin.source().isEmpty() ? resource.metadata().origin() : origin,
                    key.toString(),
                    field,
                    message);
        }
    }
}
