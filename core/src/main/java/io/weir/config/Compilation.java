package io.weir.config;

import io.weir.resource.Problem;

import java.util.List;

/**
 * What came of compiling a set of objects.
 *
 * @param snapshot what data planes read
 * @param statuses the status of every object that has one, kind by kind
 * @param problems everything that is wrong or probably not meant
 * @param reuse what the next compilation can keep of this one
 */
public record Compilation(
        Snapshot snapshot, List<Status> statuses, List<Problem> problems, Reuse reuse) {

    /** Nothing compiled. */
    public static final Compilation EMPTY =
            new Compilation(Snapshot.EMPTY, List.of(), List.of(), Reuse.NONE);

    public Compilation {
        statuses = List.copyOf(statuses);
        problems = List.copyOf(problems);
    }
}
