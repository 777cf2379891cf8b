package io.weir.kubernetes.embedded.engine;

import io.weir.kubernetes.embedded.kind.Served;
import io.weir.kubernetes.embedded.object.ApiError;
import io.weir.kubernetes.embedded.store.Key;

/**
 * An object, and the version of its API in which it is spoken of.
 *
 * @param served kind and version
 * @param namespace the namespace; empty for cluster-scoped kinds
 * @param name the name; empty when the name is in the body
 */
public record Ref(Served served, String namespace, String name) {

    /** Returns where the object is stored. */
    public Key key() {
        return new Key(served.info().resource(), namespace, name);
    }

    /** Returns the same with a name. */
    public Ref named(String other) {
        return new Ref(served, namespace, other);
    }

    ApiError notFound() {
        return ApiError.notFound(served.info().subject(name));
    }
}
