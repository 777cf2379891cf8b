package io.weir.kubernetes.embedded.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.weir.kubernetes.embedded.object.Trees;
import io.weir.kubernetes.embedded.schema.Schema;
import io.weir.kubernetes.embedded.schema.Schema.ListType;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What tells the items of a list apart, in the form that {@code managedFields} uses. */
final class ItemKeys {

    private ItemKeys() {}

    /** Returns for instance {@code k:{"name":"http"}} or {@code v:"a"}. */
    static String of(Schema list, JsonNode item) {
        if (list.merge().listType() == ListType.SET) {
            return "v:" + item;
        }
        ObjectNode key = Trees.object();
        list.merge().listKeys().stream().sorted().forEach(name -> put(list, item, name, key));
        return "k:" + key;
    }

    private static void put(Schema list, JsonNode item, String name, ObjectNode key) {
        JsonNode value = item.get(name);
        Schema items = list.items();
        Schema member = items == null ? null : items.properties().get(name);
        if (value == null && member != null) {
            value = member.defaultValue();
        }
        if (value != null) {
            key.set(name, value);
        }
    }

    /** Returns the items by key, in their order; of equal keys the first stays. */
    static Map<String, JsonNode> index(Schema list, JsonNode array) {
        Map<String, JsonNode> items = new LinkedHashMap<>();
        array.forEach(item -> items.putIfAbsent(of(list, item), item));
        return items;
    }

    /**
     * Puts keys into the wanted order. Keys that are not in it stay where they were, as well as
     * that is possible.
     *
     * @param present every key, in the present order
     * @param wanted some of them, in the order that is wanted
     */
    static List<String> order(List<String> present, List<String> wanted) {
        Map<String, Integer> positions = new HashMap<>();
        present.forEach(key -> positions.putIfAbsent(key, positions.size()));
        Set<String> named = new HashSet<>(wanted);
        List<String> others = present.stream().filter(key -> !named.contains(key)).toList();
        List<String> result = new ArrayList<>(present.size());
        int next = 0;
        for (String key : wanted) {
            Integer position = positions.get(key);
            if (position == null) {
                continue;
            }
            while (next < others.size()
                    && positions.getOrDefault(others.get(next), Integer.MAX_VALUE) < position) {
                result.add(others.get(next++));
            }
            result.add(key);
        }
        result.addAll(others.subList(next, others.size()));
        return result;
    }
}
