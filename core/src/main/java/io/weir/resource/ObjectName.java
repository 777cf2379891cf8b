package io.weir.resource;

/**
 * A namespace and a name within one kind.
 *
 * @param namespace the namespace; empty for cluster-scoped kinds
 * @param name the name
 */
public record ObjectName(String namespace, String name) implements Comparable<ObjectName> {

    @Override
    public int compareTo(ObjectName other) {
        int order = namespace.compareTo(other.namespace);
        return order != 0 ? order : name.compareTo(other.name);
    }

    /** Returns {@code namespace/name}, or {@code name} for cluster-scoped kinds. */
    @Override
    public String toString() {
        return namespace.isEmpty() ? name : namespace + "/" + name;
    }
}
