package io.weir.resource;

/**
 * A Namespace.
 *
 * @param metadata metadata; labels matter for listeners that select namespaces
 */
public record Namespace(ObjectMeta metadata) implements Resource {

    @Override
    public String kind() {
        return "Namespace";
    }
}
