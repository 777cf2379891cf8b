package io.weir.resource;

/**
 * What identifies an object: group, kind, namespace and name. The version is not part of it.
 *
 * @param group API group, empty for the core group
 * @param kind the kind, for instance {@code HTTPRoute}
 * @param namespace the namespace; empty for cluster-scoped kinds
 * @param name the name
 */
public record ObjectKey(String group, String kind, String namespace, String name) {

    /** Returns the namespace and name. */
    public ObjectName objectName() {
        return new ObjectName(namespace, name);
    }

    /** Returns for instance {@code HTTPRoute default/llm-route}. */
    @Override
    public String toString() {
        return kind + " " + objectName();
    }
}
