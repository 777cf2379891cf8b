package io.weir.kubernetes.embedded.kind;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A group, or a part of it: versions that clients should look into one after the other.
 *
 * @param group API group; empty for the core group
 * @param versions best first, each with its kinds
 */
public record GroupVersions(String group, Map<String, List<Served>> versions) {

    public GroupVersions {
        versions = Collections.unmodifiableMap(new LinkedHashMap<>(versions));
    }
}
