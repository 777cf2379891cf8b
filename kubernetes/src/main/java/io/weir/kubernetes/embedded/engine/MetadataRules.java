package io.weir.kubernetes.embedded.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.weir.kubernetes.embedded.kind.KindInfo;
import io.weir.kubernetes.embedded.object.FieldError;
import io.weir.kubernetes.embedded.object.Names;
import io.weir.kubernetes.embedded.object.Trees;

import org.jspecify.annotations.Nullable;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What metadata must look like, whatever the kind. */
final class MetadataRules {

    private static final int MAX_ANNOTATION_BYTES = 256 << 10;

    private MetadataRules() {}

    static void validate(
            KindInfo kind,
            KindRules rules,
            ObjectNode object,
            @Nullable ObjectNode old,
            List<FieldError> errors) {
        if (old == null) {
            name(rules, Trees.name(object), errors);
        }
        labels(object, errors);
        annotations(object, errors);
        owners(object, errors);
        finalizers(object, old, errors);
        if (!kind.namespaced() && !Trees.namespace(object).isEmpty()) {
            errors.add(FieldError.forbidden("metadata.namespace", "not allowed on this type"));
        }
    }

    private static void name(KindRules rules, String name, List<FieldError> errors) {
        if (name.isEmpty()) {
            errors.add(FieldError.required("metadata.name", "name or generateName is required"));
            return;
        }
        String problem = rules.nameProblem(name);
        if (!problem.isEmpty()) {
            errors.add(FieldError.invalid("metadata.name", name, problem));
        }
    }

    private static void labels(ObjectNode object, List<FieldError> errors) {
        Trees.labels(object)
                .forEach((key, value) -> {
                    String keyProblem = Names.qualifiedNameProblem(key);
                    if (!keyProblem.isEmpty()) {
                        errors.add(FieldError.invalid("metadata.labels", key, keyProblem));
                    }
                    String problem = Names.labelValueProblem(value);
                    if (!problem.isEmpty()) {
                        errors.add(FieldError.invalid("metadata.labels", value, problem));
                    }
                });
    }

    private static void annotations(ObjectNode object, List<FieldError> errors) {
        int size = 0;
        for (var entry : Trees.annotations(object).entrySet()) {
            size += entry.getKey().length() + entry.getValue().length();
            String problem =
                    Names.qualifiedNameProblem(entry.getKey().toLowerCase(java.util.Locale.ROOT));
            if (!problem.isEmpty()) {
                errors.add(FieldError.invalid("metadata.annotations", entry.getKey(), problem));
            }
        }
        if (size > MAX_ANNOTATION_BYTES) {
            errors.add(FieldError.tooLong("metadata.annotations", MAX_ANNOTATION_BYTES));
        }
    }

    private static void owners(ObjectNode object, List<FieldError> errors) {
        int controllers = 0;
        for (JsonNode owner : Trees.arrayAt(object, "metadata", "ownerReferences")) {
            controllers += owner.path("controller").asBoolean(false) ? 1 : 0;
        }
        if (controllers > 1) {
            errors.add(
                    FieldError.invalid(
                            "metadata.ownerReferences",
                            controllers,
                            "Only one reference can have Controller set to true"));
        }
    }

    private static void finalizers(
            ObjectNode object, @Nullable ObjectNode old, List<FieldError> errors) {
        if (old == null || !Trees.isDeleting(old)) {
            return;
        }
        Set<String> added = names(object);
        added.removeAll(names(old));
        if (!added.isEmpty()) {
            errors.add(
                    FieldError.forbidden(
                            "metadata.finalizers",
                            "no new finalizers can be added if the object is being deleted,"
                                    + " found new finalizers "
                                    + added));
        }
    }

    private static Set<String> names(ObjectNode object) {
        Set<String> names = new HashSet<>();
        Trees.arrayAt(object, "metadata", "finalizers").forEach(name -> names.add(name.asText()));
        return names;
    }
}
