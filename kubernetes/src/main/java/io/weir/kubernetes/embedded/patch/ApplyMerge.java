package io.weir.kubernetes.embedded.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.weir.kubernetes.embedded.object.Trees;
import io.weir.kubernetes.embedded.schema.Defaults;
import io.weir.kubernetes.embedded.schema.Schema;

import java.util.List;
import java.util.Map;

/** Lays what an apply states over the live object. */
final class ApplyMerge {

    private ApplyMerge() {}

    /** Returns a tree that shares nothing with the live one. */
    static JsonNode merge(Schema schema, JsonNode live, JsonNode stated) {
        if (live instanceof ObjectNode before
                && stated instanceof ObjectNode after
                && !schema.merge().atomicMap()) {
            return members(schema, before, after);
        }
        if (live instanceof ArrayNode before
                && stated instanceof ArrayNode after
                && schema.isAssociative()) {
            return items(schema, before, after);
        }
        return whole(schema, stated);
    }

    /** A value that is owned as a whole is compared as a whole, with its defaults. */
    private static JsonNode whole(Schema schema, JsonNode stated) {
        JsonNode copy = stated.deepCopy();
        Defaults.apply(schema, copy);
        return copy;
    }

    private static ObjectNode members(Schema schema, ObjectNode live, ObjectNode stated) {
        ObjectNode result = live.deepCopy();
        for (var entry : stated.properties()) {
            String name = entry.getKey();
            JsonNode before = live.get(name);
            Schema member = FieldSets.member(schema, name);
            result.set(
                    name,
                    before == null
                            ? whole(member, entry.getValue())
                            : merge(member, before, entry.getValue()));
        }
        return result;
    }

    private static ArrayNode items(Schema schema, ArrayNode live, ArrayNode stated) {
        Map<String, JsonNode> merged = ItemKeys.index(schema, live);
        Map<String, JsonNode> wanted = ItemKeys.index(schema, stated);
        wanted.forEach((key, item) ->
                merged.merge(
                        key,
                        item,
                        (before, after) -> merge(FieldSets.items(schema), before, after)));
        ArrayNode result = Trees.array();
        for (String key :
                ItemKeys.order(List.copyOf(merged.keySet()), List.copyOf(wanted.keySet()))) {
            JsonNode item = merged.get(key);
            if (item != null) {
                result.add(item.deepCopy());
            }
        }
        return result;
    }
}
