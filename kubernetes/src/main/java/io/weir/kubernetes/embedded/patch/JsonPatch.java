package io.weir.kubernetes.embedded.patch;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** JSON patch, RFC 6902. */
public final class JsonPatch {

    private static final int MAX_OPERATIONS = 10_000;

    private JsonPatch() {}

    /** The patch does not fit the object, or is not a patch. */
    public static final class Refused extends Exception {

        private final boolean malformed;

        private Refused(String message, boolean malformed) {
            super(message);
            this.malformed = malformed;
        }

        /** Returns whether the patch is malformed, whatever the object. */
        public boolean isMalformed() {
            return malformed;
        }
    }

    /** Returns the patched object; the argument is not changed. */
    public static JsonNode apply(ObjectNode object, JsonNode patch) throws Refused {
        if (!patch.isArray() || patch.size() > MAX_OPERATIONS) {
            throw malformed("a JSON patch is an array of at most 10000 operations");
        }
        JsonNode result = object.deepCopy();
        for (JsonNode operation : patch) {
            result = step(result, operation);
        }
        return result;
    }

    private static JsonNode step(JsonNode document, JsonNode operation) throws Refused {
        JsonPointer path = pointer(operation, "path");
        return switch (operation.path("op").asText("")) {
            case "add" -> add(document, path, value(operation));
            case "remove" -> {
                remove(document, path);
                yield document;
            }
            case "replace" -> {
                require(document, path);
                yield replace(document, path, value(operation));
            }
            case "move" -> {
                JsonPointer from = pointer(operation, "from");
                JsonNode moved = require(document, from);
                remove(document, from);
                yield add(document, path, moved);
            }
            case "copy" ->
                    add(document, path, require(document, pointer(operation, "from")).deepCopy());
            case "test" -> {
                if (!document.at(path).equals(value(operation))) {
                    throw new Refused("testing value " + path + " failed", false);
                }
                yield document;
            }
            default -> throw malformed("op: " + operation.path("op") + " (unknown)");
        };
    }

    private static JsonNode add(JsonNode document, JsonPointer path, JsonNode value)
            throws Refused {
        if (path.matches()) {
            return value;
        }
        JsonNode parent = document.at(path.head());
        String last = path.last().getMatchingProperty();
        switch (parent) {
            case ObjectNode object -> object.set(last, value);
            case ArrayNode array -> array.insert(index(array, last, path), value);
            default -> throw missing(path);
        }
        return document;
    }

    private static JsonNode replace(JsonNode document, JsonPointer path, JsonNode value)
            throws Refused {
        if (path.matches()) {
            return value;
        }
        String last = path.last().getMatchingProperty();
        switch (document.at(path.head())) {
            case ObjectNode object -> object.set(last, value);
            case ArrayNode array -> array.set(path.last().getMatchingIndex(), value);
            default -> throw missing(path);
        }
        return document;
    }

    private static void remove(JsonNode document, JsonPointer path) throws Refused {
        require(document, path);
        if (path.matches()) {
            throw malformed("the whole object can't be removed");
        }
        switch (document.at(path.head())) {
            case ObjectNode object -> object.remove(path.last().getMatchingProperty());
            case ArrayNode array -> array.remove(path.last().getMatchingIndex());
            default -> throw missing(path);
        }
    }

    private static int index(ArrayNode array, String last, JsonPointer path) throws Refused {
        if (last.equals("-")) {
            return array.size();
        }
        int index = path.last().getMatchingIndex();
        if (index < 0 || index > array.size()) {
            throw new Refused("index " + last + " of " + path + " is out of bounds", false);
        }
        return index;
    }

    private static JsonNode require(JsonNode document, JsonPointer path) throws Refused {
        JsonNode found = document.at(path);
        if (found.isMissingNode()) {
            throw missing(path);
        }
        return found;
    }

    private static JsonNode value(JsonNode operation) throws Refused {
        JsonNode value = operation.get("value");
        if (value == null) {
            throw malformed("an operation has no value");
        }
        return value.deepCopy();
    }

    private static JsonPointer pointer(JsonNode operation, String key) throws Refused {
        JsonNode text = operation.path(key);
        if (!text.isTextual()) {
            throw malformed("an operation has no " + key);
        }
        try {
            return JsonPointer.compile(text.textValue());
        } catch (IllegalArgumentException e) {
            throw malformed(key + ": \"" + text.textValue() + "\" (expected: a JSON pointer)");
        }
    }

    private static Refused missing(JsonPointer path) {
        return new Refused("doc is missing path: " + path, false);
    }

    private static Refused malformed(String message) {
        return new Refused(message, true);
    }
}
