package io.weir.kubernetes.embedded.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.weir.kubernetes.embedded.object.Trees;
import io.weir.kubernetes.embedded.schema.Schema;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Strategic merge patch: like a merge patch, but lists whose items have a merge key are merged item
 * by item, and members that begin with {@code $} say what else to do.
 */
public final class StrategicMerge {

    private static final String PATCH = "$patch";
    private static final String RETAIN = "$retainKeys";
    private static final String ORDER = "$setElementOrder/";
    private static final String DELETE = "$deleteFromPrimitiveList/";

    private StrategicMerge() {}

    /**
     * Returns the patched object; neither argument is changed.
     *
     * @throws IllegalArgumentException when a directive is malformed
     */
    public static ObjectNode apply(Schema schema, ObjectNode object, ObjectNode patch) {
        switch (directive(patch)) {
            case "replace" -> {
                return withoutDirectives(schema, patch);
            }
            case "delete" -> {
                return Trees.object();
            }
            default -> {}
        }
        ObjectNode result = retained(object, patch);
        for (var entry : patch.properties()) {
            if (!entry.getKey().startsWith("$")) {
                member(schema, result, entry.getKey(), entry.getValue(), patch);
            }
        }
        applyListDirectives(schema, result, patch);
        return result;
    }

    private static String directive(JsonNode patch) {
        String directive = patch.path(PATCH).asText("");
        return switch (directive) {
            case "", "merge", "replace", "delete" -> directive;
            default ->
                    throw new IllegalArgumentException(
                            "$patch: " + directive + " (expected: merge, replace or delete)");
        };
    }

    private static ObjectNode retained(ObjectNode object, ObjectNode patch) {
        ObjectNode result = Trees.shallowCopy(object);
        if (patch.get(RETAIN) instanceof ArrayNode keys) {
            Set<String> stay = new HashSet<>();
            keys.forEach(key -> stay.add(key.asText()));
            result.retain(stay);
        }
        return result;
    }

    private static void member(
            Schema schema, ObjectNode result, String name, JsonNode value, ObjectNode patch) {
        Schema member = memberSchema(schema, name);
        if (value.isNull()) {
            result.remove(name);
        } else if (value instanceof ObjectNode part) {
            ObjectNode before =
                    member.merge().atomicMap() && !result.path(name).isObject()
                            ? Trees.object()
                            : Trees.objectAt(result, name);
            result.set(name, apply(member, before, part));
        } else if (value instanceof ArrayNode items && member.merge().patchMerge()) {
            result.set(name, mergeList(member, Trees.arrayAt(result, name), items));
            reorder(member, result, name, patch);
        } else {
            result.set(name, value);
        }
    }

    private static ArrayNode mergeList(Schema list, ArrayNode before, ArrayNode patch) {
        String key = list.merge().patchKey();
        return key.isEmpty() ? union(before, patch) : mergeItems(list, key, before, patch);
    }

    private static ArrayNode union(ArrayNode before, ArrayNode patch) {
        Set<JsonNode> seen = new HashSet<>();
        ArrayNode result = Trees.array();
        for (ArrayNode part : List.of(before, patch)) {
            for (JsonNode item : part) {
                if (seen.add(item)) {
                    result.add(item);
                }
            }
        }
        return result;
    }

    private static ArrayNode mergeItems(
            Schema list, String key, ArrayNode before, ArrayNode patch) {
        Schema items = list.items() == null ? Schema.ANYTHING : list.items();
        boolean replace =
                patch.valueStream()
                        .anyMatch(item -> item.size() == 1 && directive(item).equals("replace"));
        Map<JsonNode, JsonNode> merged = new LinkedHashMap<>();
        if (!replace) {
            before.forEach(item -> merged.put(item.path(key), item));
        }
        for (JsonNode item : patch) {
            if (!(item instanceof ObjectNode part) || (part.size() == 1 && part.has(PATCH))) {
                continue;
            }
            JsonNode id = part.path(key);
            if (id.isMissingNode()) {
                throw new IllegalArgumentException("map does not contain key: " + key);
            }
            if (directive(part).equals("delete")) {
                merged.remove(id);
            } else {
                JsonNode present = merged.get(id);
                merged.put(
                        id,
                        apply(items, present instanceof ObjectNode o ? o : Trees.object(), part));
            }
        }
        return Trees.array().addAll(merged.values());
    }

    /** Directives about lists that the patch does not otherwise mention. */
    private static void applyListDirectives(Schema schema, ObjectNode result, ObjectNode patch) {
        for (var entry : patch.properties()) {
            String directive = entry.getKey();
            if (directive.startsWith(DELETE)) {
                String name = directive.substring(DELETE.length());
                Set<JsonNode> gone = new HashSet<>();
                entry.getValue().forEach(gone::add);
                List<JsonNode> stay = new ArrayList<>();
                Trees.arrayAt(result, name)
                        .valueStream()
                        .filter(item -> !gone.contains(item))
                        .forEach(stay::add);
                result.set(name, Trees.array().addAll(stay));
            } else if (directive.startsWith(ORDER)) {
                String name = directive.substring(ORDER.length());
                reorder(memberSchema(schema, name), result, name, patch);
            }
        }
    }

    private static void reorder(Schema list, ObjectNode result, String name, ObjectNode patch) {
        if (!(patch.get(ORDER + name) instanceof ArrayNode wanted)
                || !(result.get(name) instanceof ArrayNode items)) {
            return;
        }
        String key = list.merge().patchKey();
        Map<String, JsonNode> byId = new LinkedHashMap<>();
        items.forEach(item -> byId.putIfAbsent(id(item, key), item));
        List<String> order = wanted.valueStream().map(item -> id(item, key)).toList();
        ArrayNode sorted = Trees.array();
        ItemKeys.order(List.copyOf(byId.keySet()), order).forEach(id -> sorted.add(byId.get(id)));
        result.set(name, sorted);
    }

    private static String id(JsonNode item, String key) {
        return key.isEmpty() ? item.toString() : item.path(key).toString();
    }

    private static ObjectNode withoutDirectives(Schema schema, ObjectNode patch) {
        ObjectNode plain = Trees.shallowCopy(patch);
        plain.remove(PATCH);
        return apply(schema, Trees.object(), plain);
    }

    private static Schema memberSchema(Schema schema, String name) {
        @Nullable Schema member = schema.member(name);
        return member == null ? Schema.ANYTHING : member;
    }
}
