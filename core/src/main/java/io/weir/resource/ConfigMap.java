package io.weir.resource;

import java.util.Map;

/**
 * A ConfigMap.
 *
 * @param metadata metadata
 * @param data text by key
 */
public record ConfigMap(ObjectMeta metadata, Map<String, String> data) implements Resource {

    public ConfigMap {
        data = Map.copyOf(data);
    }

    @Override
    public String kind() {
        return "ConfigMap";
    }
}
