package io.weir.resource.manifest;

import com.fasterxml.jackson.databind.JsonNode;

import io.weir.resource.ConfigMap;
import io.weir.resource.ObjectMeta;
import io.weir.resource.Secret;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reads ConfigMaps and Secrets. The values of a Secret never get into a message. */
final class ConfigMapDecoder {

    private static final int MAX_CHARS = 1 << 20;

    private ConfigMapDecoder() {}

    static ConfigMap decode(ObjectMeta metadata, Fields object) {
        object.knows("binaryData", "immutable");
        Map<String, String> data = object.textMap("data", TextRule.DATA_KEY, TextRule.ANY);
        long characters = data.values().stream().mapToLong(String::length).sum();
        checkSize(object, characters);
        return new ConfigMap(metadata, data);
    }

    private static void checkSize(Fields object, long size) {
        if (size > MAX_CHARS) {
            object.error("data", size + " characters (expected: at most " + MAX_CHARS + ")");
        }
    }

    static Secret decodeSecret(ObjectMeta metadata, Fields object) {
        object.knows("immutable");
        Map<String, byte[]> data = new LinkedHashMap<>();
        hidden(object, "data", data, ConfigMapDecoder::base64);
        hidden(object, "stringData", data, text -> text.getBytes(StandardCharsets.UTF_8));
        checkSize(object, data.values().stream().mapToLong(value -> value.length).sum());
        return new Secret(metadata, object.textOr("type", "Opaque", TextRule.ANY), data);
    }

    private static byte[] base64(String text) {
        return Base64.getDecoder().decode(text.replace("\n", "").replace("\r", ""));
    }

    /** Turns the text of a value into bytes. */
    private interface Decoding {
        byte[] decode(String text);
    }

    private static void hidden(
            Fields object, String name, Map<String, byte[]> data, Decoding decoding) {
        JsonNode map = object.value(name);
        if (!map.isMissingNode() && !map.isObject()) {
            object.error(name, "not a map (expected: a map of names and texts)");
        }
        for (Map.Entry<String, JsonNode> entry : map.properties()) {
            String key = entry.getKey();
            if (!Syntax.isDataKey(key)) {
                object.error(name, "a key" + Fields.expected(TextRule.DATA_KEY.expectation()));
            }
            data.put(key, bytes(object, name, entry, decoding));
        }
    }

    private static byte[] bytes(
            Fields object, String name, Map.Entry<String, JsonNode> entry, Decoding decoding) {
        JsonNode value = entry.getValue();
        if (value.isNull()) {
            return new byte[0];
        }
        String key = Values.shorten(entry.getKey());
        if (value.isTextual()) {
            try {
                return decoding.decode(value.textValue());
            } catch (IllegalArgumentException e) {
                object.error(name, "the value of " + key + " (expected: base64)");
                return new byte[0];
            }
        }
        object.error(name, "the value of " + key + " (expected: text; put quotes around it)");
        return new byte[0];
    }
}
