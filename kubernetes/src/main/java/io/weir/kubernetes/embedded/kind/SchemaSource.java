package io.weir.kubernetes.embedded.kind;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.weir.kubernetes.embedded.schema.Schema;
import io.weir.kubernetes.embedded.schema.SchemaReader;

import org.jspecify.annotations.Nullable;

/**
 * A schema in its published form, and read when it is first needed: most kinds of a program run are
 * never touched. Reading it twice at the same time does no harm.
 */
public final class SchemaSource {

    private final ObjectNode published;
    private final JsonNode components;
    private volatile @Nullable Schema read;

    /**
     * @param published the OpenAPI form
     * @param components named types that it refers to
     */
    public SchemaSource(ObjectNode published, JsonNode components) {
        this.published = published;
        this.components = components;
    }

    /** Returns the OpenAPI form; not to be changed. */
    public ObjectNode published() {
        return published;
    }

    /** Returns the named types that it refers to; not to be changed. */
    public JsonNode components() {
        return components;
    }

    /** Returns the schema. */
    public Schema schema() {
        Schema schema = read;
        if (schema == null) {
            schema = new SchemaReader(components).read(published);
            read = schema;
        }
        return schema;
    }
}
