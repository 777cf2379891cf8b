package io.weir.kubernetes.embedded.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Drops members that the schema does not know. The object is changed in place. */
public final class Pruner {

    private static final Set<String> EMBEDDED = Set.of("apiVersion", "kind", "metadata");

    private final List<String> dropped = new ArrayList<>();

    private Pruner() {}

    /** Prunes the object and returns the paths of what was dropped, in document order. */
    public static List<String> prune(Schema schema, ObjectNode object) {
        Pruner pruner = new Pruner();
        pruner.pruneObject(schema, object, FieldPath.ROOT, true);
        return pruner.dropped;
    }

    private void prune(Schema schema, JsonNode value, FieldPath path) {
        switch (value) {
            case ObjectNode object -> pruneObject(schema, object, path, schema.embeddedResource());
            case ArrayNode array -> {
                Schema items = schema.items();
                for (int i = 0; items != null && i < array.size(); i++) {
                    prune(items, array.get(i), path.item(i));
                }
            }
            default -> {}
        }
    }

    private void pruneObject(Schema schema, ObjectNode object, FieldPath path, boolean isObject) {
        Iterator<Map.Entry<String, JsonNode>> members = object.properties().iterator();
        while (members.hasNext()) {
            Map.Entry<String, JsonNode> entry = members.next();
            String name = entry.getKey();
            Schema member = schema.member(name);
            if (member != null) {
                prune(member, entry.getValue(), path.member(name));
            } else if (!schema.preserveUnknown() && !(isObject && EMBEDDED.contains(name))) {
                dropped.add(path.member(name).toString());
                members.remove();
            }
        }
    }
}
