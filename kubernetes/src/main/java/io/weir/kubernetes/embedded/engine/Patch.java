package io.weir.kubernetes.embedded.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** A change of a part of an object. */
public sealed interface Patch {

    /** RFC 7386. */
    record Merge(ObjectNode body) implements Patch {}

    /** RFC 6902. */
    record Json(JsonNode body) implements Patch {}

    /** Kubernetes' own merge patch, for kinds that Kubernetes defines. */
    record Strategic(ObjectNode body) implements Patch {}

    /** Server-side apply: everything that the manager wants. */
    record Apply(ObjectNode body) implements Patch {}
}
