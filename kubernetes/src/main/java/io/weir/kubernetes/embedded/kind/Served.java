package io.weir.kubernetes.embedded.kind;

import io.weir.kubernetes.embedded.schema.Schema;

/**
 * A kind as it is spoken in one of its versions.
 *
 * @param info the kind
 * @param version one of its versions
 */
public record Served(KindInfo info, KindVersion version) {

    /** Returns {@code group/version}. */
    public String apiVersion() {
        return version.apiVersion();
    }

    /** Returns the schema of the version. */
    public Schema schema() {
        return version.schema().schema();
    }
}
