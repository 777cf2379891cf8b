package io.weir.kubernetes.embedded.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.weir.kubernetes.embedded.engine.Patch;
import io.weir.kubernetes.embedded.engine.WriteOptions.UnknownFields;
import io.weir.kubernetes.embedded.object.ApiError;
import io.weir.kubernetes.embedded.object.Trees;
import io.weir.kubernetes.embedded.object.Yaml;

import java.io.IOException;

/** Reads request bodies. */
final class Bodies {

    private static final String PATCH_TYPES =
            "the body of the request was in an unknown format - accepted media types include:"
                    + " application/json-patch+json, application/merge-patch+json,"
                    + " application/strategic-merge-patch+json, application/apply-patch+yaml";

    private final Protobuf protobuf;

    Bodies(Protobuf protobuf) {
        this.protobuf = protobuf;
    }

    /** Reads an object; an empty one when there is no body. */
    ObjectNode optional(Call call) throws IOException {
        byte[] body = call.body();
        return body.length == 0 ? Trees.object() : object(call, body);
    }

    /** Reads an object. */
    ObjectNode object(Call call) throws IOException {
        return object(call, call.body());
    }

    private ObjectNode object(Call call, byte[] body) {
        boolean strict = call.writeOptions().unknownFields() == UnknownFields.STRICT;
        JsonNode tree =
                switch (call.contentType()) {
                    case "", "application/json" -> json(body, strict);
                    case "application/yaml", "text/yaml", "application/x-yaml" ->
                            Yaml.parse(body, strict);
                    case "application/vnd.kubernetes.protobuf" -> protobuf.decode(body);
                    default ->
                            throw ApiError.unsupportedMediaType(
                                    "the body of the request was in an unknown format - accepted"
                                            + " media types include: application/json,"
                                            + " application/yaml,"
                                            + " application/vnd.kubernetes.protobuf");
                };
        return requireObject(tree);
    }

    /** Reads a patch. */
    Patch patch(Call call) throws IOException {
        byte[] body = call.body();
        return switch (call.contentType()) {
            case "application/merge-patch+json" ->
                    new Patch.Merge(requireObject(json(body, false)));
            case "application/json-patch+json" -> new Patch.Json(json(body, false));
            case "application/strategic-merge-patch+json" ->
                    new Patch.Strategic(requireObject(json(body, false)));
            case "application/apply-patch+yaml" -> new Patch.Apply(applied(call, body));
            default -> throw ApiError.unsupportedMediaType(PATCH_TYPES);
        };
    }

    private static ObjectNode applied(Call call, byte[] body) {
        if (call.parameter("fieldManager").isEmpty()) {
            throw ApiError.badRequest("fieldManager: is required for apply patch");
        }
        boolean strict = call.writeOptions().unknownFields() == UnknownFields.STRICT;
        boolean isJson = body.length > 0 && body[0] == '{';
        return requireObject(isJson ? json(body, strict) : Yaml.parse(body, strict));
    }

    private static JsonNode json(byte[] body, boolean strict) {
        try {
            return strict ? Trees.parseStrict(body) : Trees.JSON.readTree(body);
        } catch (JsonProcessingException e) {
            throw ApiError.badRequest(
                    "the object provided is unrecognized: " + e.getOriginalMessage());
        } catch (IOException e) {
            throw ApiError.badRequest("the object provided is unrecognized");
        }
    }

    private static ObjectNode requireObject(JsonNode tree) {
        if (tree instanceof ObjectNode object) {
            return object;
        }
        throw ApiError.badRequest("the object provided is unrecognized (expected: an object)");
    }
}
