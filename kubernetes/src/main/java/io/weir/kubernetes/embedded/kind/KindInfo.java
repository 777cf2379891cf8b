package io.weir.kubernetes.embedded.kind;

import io.weir.kubernetes.embedded.object.ApiError;

import java.util.List;
import java.util.Optional;

/**
 * One kind of object.
 *
 * @param group API group; empty for the core group
 * @param kind for instance {@code HTTPRoute}
 * @param listKind for instance {@code HTTPRouteList}
 * @param plural for instance {@code httproutes}
 * @param singular for instance {@code httproute}
 * @param shortNames other names on a command line
 * @param categories names that stand for several kinds, as {@code all}
 * @param namespaced whether objects live in namespaces
 * @param hasGeneration whether {@code metadata.generation} counts changes of the spec
 * @param inert whether objects are only kept: nothing here acts on them
 * @param origin where the kind is defined
 * @param versions served versions, the one that is stored first
 */
public record KindInfo(
        String group,
        String kind,
        String listKind,
        String plural,
        String singular,
        List<String> shortNames,
        List<String> categories,
        boolean namespaced,
        boolean hasGeneration,
        boolean inert,
        Origin origin,
        List<KindVersion> versions) {

    public KindInfo {
        shortNames = List.copyOf(shortNames);
        categories = List.copyOf(categories);
        versions = List.copyOf(versions);
    }

    /** Where a kind is defined. */
    public enum Origin {
        /** Part of Kubernetes itself: kubectl knows its Go type. */
        KUBERNETES,
        /** Built in because Weir reads it; published elsewhere as a definition. */
        WEIR,
        /** Built in because guides write it; nobody has published a definition. */
        UNPUBLISHED,
        /** From a CustomResourceDefinition. */
        DEFINITION
    }

    /**
     * Returns the key under which objects are stored: {@code httproutes.gateway.networking.k8s.io}.
     */
    public String resource() {
        return group.isEmpty() ? plural : plural + "." + group;
    }

    /** Returns the version that is stored. */
    public KindVersion storage() {
        return versions.getFirst();
    }

    /** Returns a served version. */
    public Optional<KindVersion> version(String name) {
        return versions.stream().filter(version -> version.name().equals(name)).findFirst();
    }

    /** Returns what an error names: the plural, as paths have it. */
    public ApiError.Subject subject(String name) {
        return ApiError.Subject.of(group, plural, name);
    }

    /** Returns what a validation error names: the kind. */
    public ApiError.Subject kindSubject(String name) {
        return ApiError.Subject.of(group, kind, name);
    }
}
