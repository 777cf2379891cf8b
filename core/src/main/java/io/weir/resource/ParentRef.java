package io.weir.resource;

import org.jspecify.annotations.Nullable;

/**
 * A route's reference to the Gateway (or listener) that it attaches to, or a policy's target.
 *
 * @param group API group of the referent
 * @param kind kind of the referent
 * @param namespace namespace of the referent, resolved
 * @param name name of the referent
 * @param sectionName one listener (or rule) of the referent; null for all
 * @param port only listeners on this port; null for all
 */
public record ParentRef(
        String group,
        String kind,
        String namespace,
        String name,
        @Nullable String sectionName,
        @Nullable Integer port) {

    /** Returns the namespace and name of the referent. */
    public ObjectName objectName() {
        return new ObjectName(namespace, name);
    }
}
