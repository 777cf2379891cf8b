package io.weir.kubernetes.embedded.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.weir.kubernetes.embedded.schema.Schema;

import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/** Which fields an object has, and in which fields two objects differ. */
final class FieldSets {

    private FieldSets() {}

    /** Returns the fields that an apply states: leaves, and items of lists with keys. */
    static FieldSet stated(Schema schema, JsonNode value) {
        return collect(schema, value, false);
    }

    /** Returns every field: leaves, items, and the objects and lists that hold them. */
    static FieldSet all(Schema schema, JsonNode value) {
        return collect(schema, value, true);
    }

    private static FieldSet collect(Schema schema, JsonNode value, boolean inner) {
        if (value.isEmpty() || isAtomic(schema, value)) {
            return FieldSet.LEAF;
        }
        SortedMap<String, FieldSet> children = new TreeMap<>();
        if (value instanceof ObjectNode object) {
            object.properties()
                    .forEach(e ->
                            children.put(
                                    "f:" + e.getKey(),
                                    collect(member(schema, e.getKey()), e.getValue(), inner)));
            return new FieldSet(inner, children);
        }
        Schema items = items(schema);
        value.forEach(item ->
                children.put(
                        ItemKeys.of(schema, item),
                        new FieldSet(true, collect(items, item, inner).children())));
        return new FieldSet(inner, children);
    }

    /** Returns the fields that both have, with different values. */
    static FieldSet modified(Schema schema, JsonNode before, JsonNode after) {
        if (before.equals(after)) {
            return FieldSet.EMPTY;
        }
        boolean bothObjects = before.isObject() && after.isObject();
        boolean bothArrays = before.isArray() && after.isArray();
        if (isAtomic(schema, after) || !(bothObjects || bothArrays)) {
            return FieldSet.LEAF;
        }
        SortedMap<String, FieldSet> children = new TreeMap<>();
        if (bothObjects) {
            for (var entry : after.properties()) {
                JsonNode old = before.get(entry.getKey());
                if (old != null) {
                    Schema member = member(schema, entry.getKey());
                    children.put("f:" + entry.getKey(), modified(member, old, entry.getValue()));
                }
            }
            return FieldSet.of(false, children);
        }
        Map<String, JsonNode> old = ItemKeys.index(schema, before);
        for (JsonNode item : after) {
            String key = ItemKeys.of(schema, item);
            JsonNode match = old.get(key);
            if (match != null) {
                children.put(key, modified(items(schema), match, item));
            }
        }
        return FieldSet.of(false, children);
    }

    /** Removes the fields of the set from the value, which is changed in place. */
    static void remove(Schema schema, JsonNode value, FieldSet gone) {
        if (value instanceof ObjectNode object) {
            gone.children()
                    .forEach((step, set) -> removeMember(schema, object, step.substring(2), set));
        } else if (value instanceof ArrayNode array) {
            for (int i = array.size() - 1; i >= 0; i--) {
                FieldSet set = gone.child(ItemKeys.of(schema, array.get(i)));
                if (set.member()) {
                    array.remove(i);
                } else {
                    remove(items(schema), array.get(i), set);
                }
            }
        }
    }

    private static void removeMember(Schema schema, ObjectNode object, String name, FieldSet gone) {
        JsonNode value = object.get(name);
        if (value == null) {
            return;
        }
        if (gone.member()) {
            object.remove(name);
            return;
        }
        remove(member(schema, name), value, gone);
        if (value.isContainerNode() && value.isEmpty()) {
            object.remove(name);
        }
    }

    static boolean isAtomic(Schema schema, JsonNode value) {
        return switch (value) {
            case ObjectNode object -> schema.merge().atomicMap();
            case ArrayNode array -> !schema.isAssociative();
            default -> true;
        };
    }

    static Schema member(Schema schema, String name) {
        return Objects.requireNonNullElse(schema.member(name), Schema.ANYTHING);
    }

    static Schema items(Schema schema) {
        return Objects.requireNonNullElse(schema.items(), Schema.ANYTHING);
    }
}
