package io.weir.kubernetes.embedded.engine;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.weir.kubernetes.embedded.kind.KindInfo;
import io.weir.kubernetes.embedded.object.ApiError;
import io.weir.kubernetes.embedded.object.FieldError;
import io.weir.kubernetes.embedded.patch.FieldOwnership;
import io.weir.kubernetes.embedded.patch.JsonPatch;
import io.weir.kubernetes.embedded.patch.MergePatch;
import io.weir.kubernetes.embedded.patch.StrategicMerge;

import java.util.List;
import java.util.stream.Collectors;

/** Applies patches to live objects, and turns what can go wrong into answers. */
final class Patches {

    private Patches() {}

    /** Returns a new tree; nothing that is given is changed. */
    static ObjectNode apply(
            Ref ref, ObjectNode live, Patch patch, FieldOwnership.Writer writer, boolean force) {
        return switch (patch) {
            case Patch.Merge merge -> MergePatch.apply(live, merge.body()).deepCopy();
            case Patch.Json json -> jsonPatch(ref, live, json);
            case Patch.Strategic strategic -> strategic(ref, live, strategic);
            case Patch.Apply apply -> serverSide(ref, live, apply, writer, force);
        };
    }

    private static ObjectNode jsonPatch(Ref ref, ObjectNode live, Patch.Json patch) {
        try {
            if (JsonPatch.apply(live, patch.body()) instanceof ObjectNode result) {
                return result;
            }
            throw ApiError.badRequest("a patched object must be an object");
        } catch (JsonPatch.Refused e) {
            String message = String.valueOf(e.getMessage());
            if (e.isMalformed()) {
                throw ApiError.badRequest(message);
            }
            FieldError error = FieldError.invalid("patch", patch.body(), message);
            throw ApiError.invalid(ref.served().info().kindSubject(ref.name()), List.of(error));
        }
    }

    private static ObjectNode strategic(Ref ref, ObjectNode live, Patch.Strategic patch) {
        if (ref.served().info().origin() != KindInfo.Origin.KUBERNETES) {
            throw ApiError.unsupportedMediaType(
                    "the body of the request was in an unknown format - accepted media types"
                            + " include: application/json-patch+json,"
                            + " application/merge-patch+json, application/apply-patch+yaml");
        }
        try {
            return StrategicMerge.apply(ref.served().schema(), live, patch.body()).deepCopy();
        } catch (IllegalArgumentException e) {
            throw ApiError.badRequest(String.valueOf(e.getMessage()));
        }
    }

    private static ObjectNode serverSide(
            Ref ref,
            ObjectNode live,
            Patch.Apply apply,
            FieldOwnership.Writer writer,
            boolean force) {
        try {
            return FieldOwnership.apply(ref.served().schema(), live, apply.body(), writer, force);
        } catch (FieldOwnership.Conflicted e) {
            throw conflict(ref, e.conflicts());
        }
    }

    private static ApiError conflict(Ref ref, List<FieldOwnership.Conflict> conflicts) {
        String list =
                conflicts.stream()
                        .map(c -> "conflict with " + c.manager() + ": " + c.field())
                        .collect(Collectors.joining("\n"));
        String message =
                "Apply failed with %d conflict%s: %s"
                        .formatted(conflicts.size(), conflicts.size() == 1 ? "" : "s", list);
        List<ApiError.Cause> causes =
                conflicts.stream()
                        .map(c ->
                                new ApiError.Cause(
                                        "FieldManagerConflict",
                                        "conflict with " + c.manager(),
                                        c.field()))
                        .toList();
        return ApiError.applyConflict(ref.served().info().subject(ref.name()), message, causes);
    }
}
