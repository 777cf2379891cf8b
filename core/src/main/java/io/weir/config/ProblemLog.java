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

    private final BiFunction<ObjectKey, String, Origin> origins;
    private final List<Problem> problems = new ArrayList<>();

    ProblemLog(BiFunction<ObjectKey, String, Origin> origins) {
        this.origins = origins;
    }

    void error(Resource resource, String field, String message) {
        add(Severity.ERROR, resource, field, message);
    }

    void warning(Resource resource, String field, String message) {
        add(Severity.WARNING, resource, field, message);
    }

    List<Problem> problems() {
        return List.copyOf(problems);
    }

    private void add(Severity severity, Resource resource, String field, String message) {
        Origin origin = origins.apply(resource.key(), field);
        problems.add(
                new Problem(
                        severity,
                        origin.source().isEmpty() ? resource.metadata().origin() : origin,
                        resource.key().toString(),
                        field,
                        message));
    }
}
