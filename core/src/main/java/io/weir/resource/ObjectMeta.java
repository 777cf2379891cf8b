package io.weir.resource;

import java.time.Instant;
import java.util.Map;

/**
 * The metadata of an object.
 *
 * @param group API group as written, empty for the core group
 * @param version API version as written, for instance {@code v1alpha2}
 * @param namespace the namespace; empty for cluster-scoped kinds
 * @param name the name
 * @param labels labels
 * @param annotations annotations
 * @param generation the generation of the spec, at least 1
 * @param createdAt when the object was created; orders objects that conflict, the oldest wins
 * @param origin where the object came from
 */
public record ObjectMeta(
        String group,
        String version,
        String namespace,
        String name,
        Map<String, String> labels,
        Map<String, String> annotations,
        long generation,
        Instant createdAt,
        Origin origin) {

    public ObjectMeta {
        labels = Map.copyOf(labels);
        annotations = Map.copyOf(annotations);
    }

    /** Returns the namespace and name. */
    public ObjectName objectName() {
        return new ObjectName(namespace, name);
    }
}
