package io.weir.resource;

/**
 * A reference to an InferencePool of the same namespace.
 *
 * @param group API group
 * @param kind kind, default {@code InferencePool}
 * @param name name
 */
public record PoolRef(String group, String kind, String name) {}
