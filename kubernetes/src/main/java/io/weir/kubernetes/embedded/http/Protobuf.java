package io.weir.kubernetes.embedded.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;

import io.weir.kubernetes.embedded.kind.WireTypes;
import io.weir.kubernetes.embedded.object.ApiError;
import io.weir.kubernetes.embedded.object.Trees;

import java.io.IOException;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Reads the binary form in which {@code kubectl create} and typed Go clients send the kinds of
 * Kubernetes: four letters, an envelope with version and kind, and in it the object.
 *
 * <p>Go writes fields without a value too. Empty texts and objects, zeros and false mean "not set"
 * in almost every field, and are left out; the few fields in which they mean something are named.
 */
final class Protobuf {

    private static final byte[] MAGIC = {'k', '8', 's', 0};
    private static final int MAX_DEPTH = 64;

    private static final Set<String> MEANINGFUL_ZEROS =
            Set.of(
                    "allowPrivilegeEscalation",
                    "automountServiceAccountToken",
                    "controller",
                    "blockOwnerDeletion",
                    "enableServiceLinks",
                    "fsGroup",
                    "gracePeriodSeconds",
                    "immutable",
                    "optional",
                    "orphanDependents",
                    "replicas",
                    "runAsGroup",
                    "runAsNonRoot",
                    "runAsUser",
                    "terminationGracePeriodSeconds");

    private final WireTypes types;

    Protobuf(WireTypes types) {
        this.types = types;
    }

    /**
     * Reads an object.
     *
     * @throws ApiError 400 when the bytes are malformed, 415 when the kind is not known in this
     *     form
     */
    ObjectNode decode(byte[] body) {
        try {
            return envelope(body);
        } catch (IOException e) {
            throw ApiError.badRequest("malformed protobuf: " + e.getMessage());
        }
    }

    private ObjectNode envelope(byte[] body) throws IOException {
        for (int i = 0; i < MAGIC.length; i++) {
            if (body.length <= i || body[i] != MAGIC[i]) {
                throw ApiError.badRequest("malformed protobuf: it does not begin with k8s");
            }
        }
        CodedInputStream in =
                CodedInputStream.newInstance(body, MAGIC.length, body.length - MAGIC.length);
        String apiVersion = "";
        String kind = "";
        ByteString raw = ByteString.EMPTY;
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            switch (WireFormat.getTagFieldNumber(tag)) {
                case 1 -> {
                    List<String> type = typeMeta(in.readBytes());
                    apiVersion = type.getFirst();
                    kind = type.getLast();
                }
                case 2 -> raw = in.readBytes();
                default -> in.skipField(tag);
            }
        }
        ObjectNode object = message(message(apiVersion, kind), raw, 0);
        return object.put("apiVersion", apiVersion).put("kind", kind);
    }

    private static List<String> typeMeta(ByteString bytes) throws IOException {
        CodedInputStream in = bytes.newCodedInput();
        String apiVersion = "";
        String kind = "";
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            switch (WireFormat.getTagFieldNumber(tag)) {
                case 1 -> apiVersion = in.readStringRequireUtf8();
                case 2 -> kind = in.readStringRequireUtf8();
                default -> in.skipField(tag);
            }
        }
        return List.of(apiVersion, kind);
    }

    private String message(String apiVersion, String kind) {
        String stored = apiVersion + " " + kind;
        if (types.has(stored)) {
            return stored;
        }
        String review = "review." + kind;
        if (types.has(review)) {
            return review;
        }
        throw ApiError.unsupportedMediaType(
                "%s %s is not read as protobuf; send application/json".formatted(apiVersion, kind));
    }

    private ObjectNode message(String type, ByteString bytes, int depth) throws IOException {
        ObjectNode object = Trees.object();
        CodedInputStream in = bytes.newCodedInput();
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            int number = WireFormat.getTagFieldNumber(tag);
            if (types.isInlined(type, number)) {
                inlined(type, number, in.readBytes(), object, depth);
            } else {
                field(type, types.field(type, number), tag, in, object, depth);
            }
        }
        return object;
    }

    private void inlined(String type, int outer, ByteString bytes, ObjectNode object, int depth)
            throws IOException {
        CodedInputStream in = bytes.newCodedInput();
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            int number = WireFormat.getTagFieldNumber(tag);
            field(type, types.inlinedField(type, outer, number), tag, in, object, depth);
        }
    }

    private void field(
            String message,
            Optional<WireTypes.Field> known,
            int tag,
            CodedInputStream in,
            ObjectNode object,
            int depth)
            throws IOException {
        if (depth > MAX_DEPTH) {
            throw ApiError.badRequest("malformed protobuf: too deep");
        }
        if (known.isEmpty()) {
            in.skipField(tag);
            return;
        }
        String name = known.get().name();
        String type = known.get().type();
        String inner = type.length() > 2 ? type.substring(1, type.length() - 1) : type;
        if (type.startsWith("[")) {
            Trees.childArray(object, name).add(value(message, inner, tag, in, depth));
        } else if (type.startsWith("{")) {
            entry(message, inner, in.readBytes(), Trees.child(object, name), depth);
        } else {
            JsonNode value = value(message, type, tag, in, depth);
            if (!isUnset(value) || MEANINGFUL_ZEROS.contains(name)) {
                object.set(name, value);
            }
        }
    }

    private static boolean isUnset(JsonNode value) {
        return switch (value.getNodeType()) {
            case STRING -> value.textValue().isEmpty();
            case NUMBER -> value.longValue() == 0;
            case BOOLEAN -> !value.booleanValue();
            case NULL -> true;
            default -> false;
        };
    }

    private void entry(String message, String type, ByteString bytes, ObjectNode map, int depth)
            throws IOException {
        CodedInputStream in = bytes.newCodedInput();
        String key = "";
        JsonNode value = Trees.JSON.getNodeFactory().textNode("");
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            switch (WireFormat.getTagFieldNumber(tag)) {
                case 1 -> key = in.readStringRequireUtf8();
                case 2 -> value = value(message, type, tag, in, depth);
                default -> in.skipField(tag);
            }
        }
        map.set(key, value);
    }

    private JsonNode value(String message, String type, int tag, CodedInputStream in, int depth)
            throws IOException {
        var nodes = Trees.JSON.getNodeFactory();
        boolean varint = WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_VARINT;
        return switch (type) {
            case "string" -> nodes.textNode(in.readStringRequireUtf8());
            case "int32", "int64" -> nodes.numberNode(in.readInt64());
            case "boolean" -> nodes.booleanNode(in.readBool());
            case "bytes" -> nodes.textNode(Base64.getEncoder().encodeToString(in.readByteArray()));
            case "time", "microTime" -> WireValues.time(in.readBytes());
            case "quantity" -> WireValues.quantity(in.readBytes());
            case "intOrString" -> WireValues.intOrString(in.readBytes());
            case "any" -> WireValues.raw(in.readBytes());
            default -> {
                if (varint) {
                    throw ApiError.badRequest("malformed protobuf: " + type + " is a message");
                }
                yield message(types.resolve(message, type), in.readBytes(), depth + 1);
            }
        };
    }
}
