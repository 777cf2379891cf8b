package io.weir.kubernetes.embedded.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.weir.kubernetes.embedded.object.FieldError;
import io.weir.kubernetes.embedded.object.Trees;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Items that must be different: sets, lists with keys, and unique items. */
final class ListChecks {

    private ListChecks() {}

    static void check(Schema schema, ArrayNode array, FieldPath path, List<FieldError> errors) {
        if (!schema.isAssociative() && !schema.limits().uniqueItems()) {
            return;
        }
        Set<JsonNode> seen = new HashSet<>();
        for (int i = 0; i < array.size(); i++) {
            JsonNode identity = identity(schema, array.get(i));
            if (!seen.add(identity)) {
                Object shown = identity.isTextual() ? identity.textValue() : identity;
                errors.add(FieldError.duplicate(path.item(i).toString(), shown));
            }
        }
    }

    private static JsonNode identity(Schema schema, JsonNode item) {
        if (schema.merge().listType() != Schema.ListType.MAP) {
            return item;
        }
        ObjectNode identity = Trees.object();
        for (String key : schema.merge().listKeys()) {
            JsonNode value = item.get(key);
            if (value != null) {
                identity.set(key, value);
            }
        }
        return identity;
    }
}
