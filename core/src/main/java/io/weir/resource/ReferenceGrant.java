package io.weir.resource;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * A ReferenceGrant ({@code gateway.networking.k8s.io}): lets objects of other namespaces refer to
 * objects of this one.
 *
 * @param metadata metadata
 * @param from who may refer
 * @param to to what
 */
public record ReferenceGrant(ObjectMeta metadata, List<From> from, List<To> to)
        implements Resource {

    public ReferenceGrant {
        from = List.copyOf(from);
        to = List.copyOf(to);
    }

    @Override
    public String kind() {
        return "ReferenceGrant";
    }

    /**
     * Objects that may refer.
     *
     * @param group API group
     * @param kind kind
     * @param namespace namespace
     */
    public record From(String group, String kind, String namespace) {}

    /**
     * Objects that may be referred to.
     *
     * @param group API group, empty for core
     * @param kind kind
     * @param name one object; null for all
     */
    public record To(String group, String kind, @Nullable String name) {}
}
