package io.weir.kubernetes.embedded.store;

/**
 * Where an object is in the store.
 *
 * @param resource plural and group, for instance {@code httproutes.gateway.networking.k8s.io}
 * @param namespace the namespace; empty for cluster-scoped kinds
 * @param name the name
 */
public record Key(String resource, String namespace, String name) implements Comparable<Key> {

    /** Sorts by resource, namespace and name, as lists do. */
    @Override
    public int compareTo(Key other) {
        int byResource = resource.compareTo(other.resource);
        if (byResource != 0) {
            return byResource;
        }
        int byNamespace = namespace.compareTo(other.namespace);
        return byNamespace != 0 ? byNamespace : name.compareTo(other.name);
    }

    /** Returns for instance {@code pods default/web}. */
    @Override
    public String toString() {
        return namespace.isEmpty()
                ? resource + " " + name
                : resource + " " + namespace + "/" + name;
    }
}
