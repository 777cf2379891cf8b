package io.weir.kubernetes.embedded.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Fills in absent values. The object is changed in place. */
public final class Defaults {

    private Defaults() {}

    /** Applies the defaults of the schema to the value and everything below it. */
    public static void apply(Schema schema, JsonNode value) {
        switch (value) {
            case ObjectNode object -> applyToObject(schema, object);
            case ArrayNode array -> {
                Schema items = schema.items();
                if (items != null) {
                    array.forEach(item -> apply(items, item));
                }
            }
            default -> {}
        }
    }

    private static void applyToObject(Schema schema, ObjectNode object) {
        schema.properties().forEach((name, member) -> fill(object, name, member));
        Schema additional = schema.additional();
        for (var entry : object.properties()) {
            Schema known = schema.properties().get(entry.getKey());
            Schema member = known != null ? known : additional;
            if (member != null) {
                apply(member, entry.getValue());
            }
        }
    }

    private static void fill(ObjectNode object, String name, Schema member) {
        JsonNode value = member.defaultValue();
        if (value == null) {
            return;
        }
        JsonNode present = object.get(name);
        if (present == null || (present.isNull() && !member.nullable())) {
            object.set(name, value.deepCopy());
        }
    }
}
