package io.weir.resource;

import java.util.Map;

/**
 * A Secret. Its values never appear in {@link #toString()}, logs, metrics or error bodies.
 *
 * @param metadata metadata
 * @param type the type, for instance {@code kubernetes.io/tls}
 * @param data decoded values by key; callers don't change the arrays
 */
public record Secret(ObjectMeta metadata, String type, Map<String, byte[]> data)
        implements Resource {

    public Secret {
        data = Map.copyOf(data);
    }

    @Override
    public String kind() {
        return "Secret";
    }

    @Override
    public String toString() {
        return "Secret["
                + metadata.objectName()
                + ", type="
                + type
                + ", keys="
                + data.keySet()
                + "]";
    }
}
