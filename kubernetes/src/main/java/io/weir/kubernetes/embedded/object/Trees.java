package io.weir.kubernetes.embedded.object;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reading and building object trees without a line of ceremony for each step of a path. */
public final class Trees {

    /** The mapper; thread safe once built. Trailing text after a document is an error. */
    public static final JsonMapper JSON =
            JsonMapper.builder()
                    .enable(
                            com.fasterxml.jackson.databind.DeserializationFeature
                                    .FAIL_ON_TRAILING_TOKENS)
                    .build();

    private static final ObjectReader STRICT =
            JSON.readerFor(JsonNode.class).with(StreamReadFeature.STRICT_DUPLICATE_DETECTION);

    private Trees() {}

    /** Returns a new empty object. */
    public static ObjectNode object() {
        return JSON.createObjectNode();
    }

    /** Returns a new empty array. */
    public static ArrayNode array() {
        return JSON.createArrayNode();
    }

    /** Reads JSON that this program wrote. */
    public static JsonNode parse(byte[] json) {
        try {
            return JSON.readTree(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads JSON that this program wrote. */
    static JsonNode parse(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads JSON and fails at a key that occurs twice in one object. */
    public static JsonNode parseStrict(byte[] json) throws IOException {
        return STRICT.readTree(json);
    }

    /** Returns the tree as UTF-8 JSON without white space. */
    public static byte[] bytes(JsonNode node) {
        try {
            return JSON.writeValueAsBytes(node);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the tree as JSON without white space. */
    static String string(JsonNode node) {
        try {
            return JSON.writeValueAsString(node);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the node at the path, or a missing node when any step of it is absent. */
    public static JsonNode at(@Nullable JsonNode node, String... path) {
        JsonNode current = node;
        for (String step : path) {
            if (current == null) {
                return MissingNode.getInstance();
            }
            current = current.get(step);
        }
        return current == null ? MissingNode.getInstance() : current;
    }

    /** Returns the text at the path; empty when absent or not a string. */
    public static String text(@Nullable JsonNode node, String... path) {
        JsonNode value = at(node, path);
        return value.isTextual() ? value.textValue() : "";
    }

    /** Returns the object at the path, or an empty one that is not attached to anything. */
    public static ObjectNode objectAt(@Nullable JsonNode node, String... path) {
        return at(node, path) instanceof ObjectNode found ? found : object();
    }

    /** Returns the array at the path, or an empty one that is not attached to anything. */
    public static ArrayNode arrayAt(@Nullable JsonNode node, String... path) {
        return at(node, path) instanceof ArrayNode found ? found : array();
    }

    /** Returns the object under the key, made and attached when absent. */
    public static ObjectNode child(ObjectNode parent, String key) {
        if (parent.get(key) instanceof ObjectNode found) {
            return found;
        }
        ObjectNode made = object();
        parent.set(key, made);
        return made;
    }

    /** Returns the array under the key, made and attached when absent. */
    public static ArrayNode childArray(ObjectNode parent, String key) {
        if (parent.get(key) instanceof ArrayNode found) {
            return found;
        }
        ArrayNode made = array();
        parent.set(key, made);
        return made;
    }

    /** Returns {@code metadata}, made and attached when absent. */
    public static ObjectNode metadata(ObjectNode object) {
        return child(object, "metadata");
    }

    /** Returns the name; empty when there is none. */
    public static String name(JsonNode object) {
        return text(object, "metadata", "name");
    }

    /** Returns the namespace; empty for cluster-scoped objects. */
    public static String namespace(JsonNode object) {
        return text(object, "metadata", "namespace");
    }

    /** Returns the uid; empty before the object has been stored. */
    public static String uid(JsonNode object) {
        return text(object, "metadata", "uid");
    }

    /** Returns the labels in their order. */
    public static Map<String, String> labels(JsonNode object) {
        return stringMap(at(object, "metadata", "labels"));
    }

    /** Returns the annotations in their order. */
    public static Map<String, String> annotations(JsonNode object) {
        return stringMap(at(object, "metadata", "annotations"));
    }

    /** Returns the string members of an object. */
    public static Map<String, String> stringMap(JsonNode node) {
        Map<String, String> map = new LinkedHashMap<>();
        node.properties().forEach(e -> map.put(e.getKey(), e.getValue().asText()));
        return map;
    }

    /** Returns whether a deletion has been asked for and waits for finalizers. */
    public static boolean isDeleting(JsonNode object) {
        return !text(object, "metadata", "deletionTimestamp").isEmpty();
    }

    /** Returns another object with the same members: its own members may be replaced. */
    public static ObjectNode shallowCopy(ObjectNode object) {
        ObjectNode copy = object();
        copy.setAll(object);
        return copy;
    }

    /** Returns the object as it is spoken in a version of its API. */
    public static ObjectNode withApiVersion(ObjectNode object, String apiVersion) {
        if (text(object, "apiVersion").equals(apiVersion)) {
            return object;
        }
        ObjectNode copy = object();
        copy.put("apiVersion", apiVersion);
        object.properties().stream()
                .filter(e -> !e.getKey().equals("apiVersion"))
                .forEach(e -> copy.set(e.getKey(), e.getValue()));
        return copy;
    }

    /** Returns {@code group/version}, or the version alone for the core group. */
    public static String apiVersion(String group, String version) {
        return group.isEmpty() ? version : group + "/" + version;
    }
}
