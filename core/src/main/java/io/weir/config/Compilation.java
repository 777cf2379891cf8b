package io.weir.config;

import io.weir.collection.PersistentMap;
import io.weir.resource.ObjectKey;
import io.weir.resource.Problem;

import java.util.Comparator;
import java.util.List;

/**
 * What came of compiling a set of objects.
 *
 * @param snapshot what data planes read
 * @param statusByObject the status of every object that has one; shares with that of the
 *     compilation before what is the same
 * @param problems everything that is wrong or probably not meant
 * @param reuse what the next compilation can keep of this one
 */
public record Compilation(
        Snapshot snapshot,
        PersistentMap<ObjectKey, Status> statusByObject,
        List<Problem> problems,
        Reuse reuse) {

    /** Nothing compiled. */
    public static final Compilation EMPTY =
            new Compilation(Snapshot.EMPTY, PersistentMap.empty(), List.of(), Reuse.NONE);

    private static final Comparator<ObjectKey> ORDER =
            Comparator.comparing(ObjectKey::kind)
                    .thenComparing(ObjectKey::namespace)
                    .thenComparing(ObjectKey::name)
                    .thenComparing(ObjectKey::group);

    public Compilation {
        problems = List.copyOf(problems);
    }

    /** Returns the status of every object that has one, kind by kind, for people to look at. */
    public List<Status> statuses() {
        return statusByObject.values().stream()
                .sorted(Comparator.comparing(Status::object, ORDER))
                .toList();
    }
}
