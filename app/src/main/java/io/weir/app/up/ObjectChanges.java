package io.weir.app.up;

import io.weir.app.up.ObjectChange.Kind;
import io.weir.resource.ObjectKey;
import io.weir.resource.Resource;
import io.weir.resource.manifest.LoadResult;
import io.weir.resource.manifest.Manifest;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Compares two loads object by object. */
final class ObjectChanges {

    /** More changes than these in one file are only counted. */
    private static final int MOST_NAMED = 4;

    private ObjectChanges() {}

    /**
     * Returns what is different. An object that only moved within its file, or whose comments
     * changed, is the same.
     */
    static List<ObjectChange> between(LoadResult before, LoadResult after) {
        List<ObjectChange> changes = new ArrayList<>();
        for (Resource object : after.objects().all()) {
            if (before.objects().find(object.key()).isEmpty()) {
                changes.add(change(Kind.ADDED, object));
            } else if (!isSame(object.key(), before, after)) {
                changes.add(change(Kind.CHANGED, object));
            }
        }
        for (Resource object : before.objects().all()) {
            if (after.objects().find(object.key()).isEmpty()) {
                changes.add(change(Kind.REMOVED, object));
            }
        }
        return changes;
    }

    private static ObjectChange change(Kind kind, Resource object) {
        return new ObjectChange(kind, object.key(), object.metadata().origin().source());
    }

    private static boolean isSame(ObjectKey key, LoadResult before, LoadResult after) {
        Manifest old = before.manifests().get(key);
        Manifest now = after.manifests().get(key);
        if (old == null || now == null) {
            return before.objects().find(key).equals(after.objects().find(key));
        }
        return old.tree().equals(now.tree());
    }

    /** Returns one line for each file, for instance {@code route.yaml: HTTPRoute a/b changed}. */
    static List<String> lines(List<ObjectChange> changes) {
        Map<String, List<ObjectChange>> byFile = new LinkedHashMap<>();
        changes.forEach(change ->
                byFile.computeIfAbsent(change.source(), _ -> new ArrayList<>()).add(change));
        List<String> lines = new ArrayList<>();
        byFile.forEach((file, its) -> lines.add(file + ": " + text(its)));
        return lines;
    }

    private static String text(List<ObjectChange> changes) {
        if (changes.size() > MOST_NAMED) {
            return changes.size() + " objects changed";
        }
        return String.join(", ", changes.stream().map(ObjectChange::toString).toList());
    }
}
