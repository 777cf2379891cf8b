package io.weir.resource.manifest;

import io.weir.resource.ObjectKey;
import io.weir.resource.ObjectSet;
import io.weir.resource.Origin;
import io.weir.resource.Problem;

import java.util.List;
import java.util.Map;

/**
 * What came of loading files.
 *
 * @param objects the objects that are fine
 * @param problems everything that is wrong or odd, file by file
 * @param skipped objects of kinds that Weir does not read
 * @param manifests the text of each object, by its key
 */
public record LoadResult(
        ObjectSet objects,
        List<Problem> problems,
        List<DecodeResult.Unknown> skipped,
        Map<ObjectKey, Manifest> manifests) {

    /** Nothing loaded. */
    public static final LoadResult EMPTY =
            new LoadResult(ObjectSet.EMPTY, List.of(), List.of(), Map.of());

    public LoadResult {
        problems = List.copyOf(problems);
        skipped = List.copyOf(skipped);
        manifests = Map.copyOf(manifests);
    }

    /** Returns whether some object was refused or some text could not be read. */
    public boolean hasErrors() {
        return problems.stream().anyMatch(p -> p.severity() == Problem.Severity.ERROR);
    }

    /**
     * Returns the file and line of a field, for problems that are found later.
     *
     * @param key the object
     * @param field for instance {@code spec.rules[0].backendRefs[1]}
     */
    public Origin origin(ObjectKey key, String field) {
        Manifest manifest = manifests.get(key);
        return manifest == null
                ? objects.find(key)
                        .map(resource -> resource.metadata().origin())
                        .orElse(new Origin("", 0))
                : manifest.lines().origin(field);
    }
}
