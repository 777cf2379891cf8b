package io.weir.kubernetes.embedded.kind;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.weir.kubernetes.embedded.object.Trees;

import java.util.List;
import java.util.Map;
import java.util.Set;

/** Turns the type and the options of one field of a {@code .types} file into OpenAPI. */
final class TypeLines {

    private static final Map<String, String> NUMBERS =
            Map.ofEntries(
                    Map.entry("min", "minimum"),
                    Map.entry("max", "maximum"),
                    Map.entry("minLength", "minLength"),
                    Map.entry("maxLength", "maxLength"),
                    Map.entry("minItems", "minItems"),
                    Map.entry("maxItems", "maxItems"),
                    Map.entry("minProps", "minProperties"),
                    Map.entry("maxProps", "maxProperties"));

    private final String packageName;
    private final Map<String, ObjectNode> scalars;
    private final Set<String> types;

    /**
     * @param scalars named scalars
     * @param types full names of all object types
     */
    TypeLines(String packageName, Map<String, ObjectNode> scalars, Set<String> types) {
        this.packageName = packageName;
        this.scalars = scalars;
        this.types = types;
    }

    /** Reads for instance {@code [Port] maxItems=8}, split at spaces. */
    ObjectNode field(List<String> words, String description) {
        ObjectNode node = type(words.getFirst());
        List<String> options = words.subList(1, words.size());
        if (node.has("$ref") && (!options.isEmpty() || !description.isEmpty())) {
            ObjectNode site = Trees.object();
            site.putArray("allOf").add(node);
            node = site;
        }
        for (String option : options) {
            option(node, option);
        }
        if (!description.isEmpty()) {
            node.put("description", description);
        }
        return node;
    }

    private ObjectNode type(String text) {
        if (text.startsWith("[")) {
            ObjectNode array = Trees.object().put("type", "array");
            array.set("items", element(text));
            return array;
        }
        if (text.startsWith("{")) {
            ObjectNode map = Trees.object().put("type", "object");
            map.set("additionalProperties", element(text));
            return map;
        }
        return named(text);
    }

    /** Reads for instance {@code [int32(min=400;max=599)]}. */
    private ObjectNode element(String text) {
        String inner = text.substring(1, text.length() - 1);
        int open = inner.indexOf('(');
        if (open < 0) {
            return type(inner);
        }
        ObjectNode node = type(inner.substring(0, open));
        for (String option : inner.substring(open + 1, inner.length() - 1).split(";", -1)) {
            option(node, option);
        }
        return node;
    }

    private ObjectNode named(String name) {
        ObjectNode node = Trees.object();
        switch (name) {
            case "string", "boolean", "number" -> node.put("type", name);
            case "int32", "int64" -> node.put("type", "integer").put("format", name);
            case "time", "microTime" ->
                    node.put("type", "string").put("format", "date-time").put("nullable", true);
            case "bytes" -> node.put("type", "string").put("format", "byte");
            case "intOrString" -> node.put("x-kubernetes-int-or-string", true);
            case "quantity" -> quantity(node);
            case "any" ->
                    node.put("type", "object").put("x-kubernetes-preserve-unknown-fields", true);
            default -> refer(node, name);
        }
        return node;
    }

    private static void quantity(ObjectNode node) {
        var either = node.putArray("oneOf");
        either.addObject().put("type", "string").put("format", "quantity");
        either.addObject().put("type", "number");
    }

    private void refer(ObjectNode node, String name) {
        ObjectNode scalar = scalars.get(name);
        if (scalar != null) {
            node.setAll(scalar);
            return;
        }
        String own = packageName + "." + name;
        String full = types.contains(own) ? own : "meta." + name;
        if (!types.contains(full)) {
            throw new IllegalArgumentException("type: " + name + " (expected: a known type)");
        }
        node.put("$ref", "#/components/schemas/" + full);
    }

    private static void option(ObjectNode node, String option) {
        int equals = option.indexOf('=');
        String key = equals < 0 ? option : option.substring(0, equals);
        String value = equals < 0 ? "" : option.substring(equals + 1);
        String number = NUMBERS.get(key);
        if (number != null) {
            node.put(number, Long.parseLong(value));
            return;
        }
        switch (key) {
            case "enum" -> enumeration(node, value);
            case "default" -> node.set("default", json(value));
            case "pattern" -> node.put("pattern", value);
            case "format" -> node.put("format", value);
            case "set" -> node.put("x-kubernetes-list-type", "set");
            case "atomic" -> node.put("x-kubernetes-map-type", "atomic");
            case "retain" -> strategy(node, "retainKeys");
            case "merge" -> {
                strategy(node, "merge");
                node.put("x-kubernetes-patch-merge-key", value);
            }
            case "key" -> {
                node.put("x-kubernetes-list-type", "map");
                List.of(value.split(",", -1))
                        .forEach(node.withArray("x-kubernetes-list-map-keys")::add);
            }
            default -> throw new IllegalArgumentException("option: " + option + " (unknown)");
        }
    }

    private static void strategy(ObjectNode node, String strategy) {
        String key = "x-kubernetes-patch-strategy";
        String present = node.path(key).asText("");
        node.put(key, present.isEmpty() ? strategy : present + "," + strategy);
    }

    private static void enumeration(ObjectNode node, String values) {
        boolean integer = node.path("type").asText("").equals("integer");
        var array = node.putArray("enum");
        for (String value : values.split("\\|", -1)) {
            if (integer) {
                array.add(Integer.parseInt(value));
            } else {
                array.add(value);
            }
        }
    }

    private static com.fasterxml.jackson.databind.JsonNode json(String text) {
        try {
            return Trees.JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("default: " + text + " (expected: JSON)", e);
        }
    }
}
