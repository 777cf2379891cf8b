package io.weir.kubernetes.embedded.patch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.weir.kubernetes.embedded.object.Trees;

/** JSON merge patch, RFC 7386: members replace members, null removes. */
public final class MergePatch {

    private MergePatch() {}

    /** Returns the patched object; neither argument is changed. */
    public static ObjectNode apply(ObjectNode object, ObjectNode patch) {
        ObjectNode result = Trees.shallowCopy(object);
        for (var entry : patch.properties()) {
            JsonNode value = entry.getValue();
            if (value.isNull()) {
                result.remove(entry.getKey());
            } else if (value instanceof ObjectNode part) {
                result.set(entry.getKey(), apply(Trees.objectAt(result, entry.getKey()), part));
            } else {
                result.set(entry.getKey(), value);
            }
        }
        return result;
    }
}
