package io.weir.resource.manifest;

import io.weir.resource.Namespace;
import io.weir.resource.ObjectMeta;

/** Reads Namespaces. */
final class NamespaceDecoder {

    private NamespaceDecoder() {}

    static Namespace decode(ObjectMeta metadata, Fields object) {
        object.knows("spec");
        return new Namespace(metadata);
    }
}
