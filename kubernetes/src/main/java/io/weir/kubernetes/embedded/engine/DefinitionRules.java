package io.weir.kubernetes.embedded.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.weir.kubernetes.embedded.kind.DefinedKinds;
import io.weir.kubernetes.embedded.kind.KindInfo;
import io.weir.kubernetes.embedded.kind.KindVersion;
import io.weir.kubernetes.embedded.kind.Kinds;
import io.weir.kubernetes.embedded.object.FieldError;
import io.weir.kubernetes.embedded.object.Trees;
import io.weir.kubernetes.embedded.schema.rule.Rules;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Locale;

/**
 * CustomResourceDefinitions. A definition that is stored is in force at once, so its status says so
 * from the beginning. It is held until the objects of its kind are gone.
 */
final class DefinitionRules implements KindRules {

    static final String CLEANUP = "customresourcecleanup.apiextensions.k8s.io";

    private final Kinds kinds;
    private final Rules rules;
    private final Clockwork clockwork;

    DefinitionRules(Kinds kinds, Rules rules, Clockwork clockwork) {
        this.kinds = kinds;
        this.rules = rules;
        this.clockwork = clockwork;
    }

    @Override
    public void prepare(ObjectNode object, @Nullable ObjectNode old) {
        ObjectNode names = Trees.child(Trees.child(object, "spec"), "names");
        String kind = Trees.text(names, "kind");
        if (!names.has("listKind")) {
            names.put("listKind", kind + "List");
        }
        if (!names.has("singular")) {
            names.put("singular", kind.toLowerCase(Locale.ROOT));
        }
        if (!Trees.child(object, "spec").has("conversion")) {
            Trees.child(object, "spec").putObject("conversion").put("strategy", "None");
        }
        if (old == null) {
            ArrayNode finalizers = Trees.childArray(Trees.metadata(object), "finalizers");
            if (finalizers.valueStream().noneMatch(name -> name.asText().equals(CLEANUP))) {
                finalizers.add(CLEANUP);
            }
        }
        status(object, names);
    }

    private void status(ObjectNode object, ObjectNode names) {
        ObjectNode status = Trees.child(object, "status");
        status.set("acceptedNames", names.deepCopy());
        ArrayNode stored = Trees.childArray(status, "storedVersions");
        for (JsonNode version : Trees.arrayAt(object, "spec", "versions")) {
            JsonNode name = version.path("name");
            if (version.path("storage").asBoolean(false)
                    && stored.valueStream().noneMatch(name::equals)) {
                stored.add(name);
            }
        }
        condition(status, "NamesAccepted", "NoConflicts", "no conflicts found");
        condition(
                status,
                "Established",
                "InitialNamesAccepted",
                "the initial names have been accepted");
    }

    private void condition(ObjectNode status, String type, String reason, String message) {
        ArrayNode conditions = Trees.childArray(status, "conditions");
        if (conditions.valueStream().anyMatch(c -> Trees.text(c, "type").equals(type))) {
            return;
        }
        ObjectNode condition = conditions.addObject();
        condition.put("lastTransitionTime", clockwork.now());
        condition.put("message", message).put("reason", reason);
        condition.put("status", "True").put("type", type);
    }

    @Override
    public void validate(ObjectNode object, @Nullable ObjectNode old, List<FieldError> errors) {
        ObjectNode spec = Trees.objectAt(object, "spec");
        String plural = Trees.text(spec, "names", "plural");
        String expected = plural + "." + Trees.text(spec, "group");
        if (!Trees.name(object).equals(expected)) {
            errors.add(
                    FieldError.invalid(
                            "metadata.name",
                            Trees.name(object),
                            "must be spec.names.plural+\".\"+spec.group"));
        }
        versions(spec, errors);
        String strategy = Trees.text(spec, "conversion", "strategy");
        if (!strategy.equals("None")) {
            errors.add(
                    FieldError.notSupported("spec.conversion.strategy", strategy, List.of("None")));
        }
        if (spec.path("preserveUnknownFields").asBoolean(false)) {
            errors.add(FieldError.invalid("spec.preserveUnknownFields", true, "must be false"));
        }
        reserved(expected, errors);
        if (errors.isEmpty()) {
            schemas(object, errors);
        }
    }

    /** Kinds of Kubernetes itself can't be defined anew. */
    private void reserved(String resource, List<FieldError> errors) {
        kinds.resource(resource)
                .filter(kind -> kind.origin() == KindInfo.Origin.KUBERNETES)
                .ifPresent(kind ->
                        errors.add(FieldError.forbidden("metadata.name", "the kind is built in")));
    }

    private static void versions(ObjectNode spec, List<FieldError> errors) {
        ArrayNode versions = Trees.arrayAt(spec, "versions");
        long stored =
                versions.valueStream().filter(v -> v.path("storage").asBoolean(false)).count();
        if (stored != 1) {
            errors.add(
                    FieldError.invalid(
                            "spec.versions",
                            versions.size(),
                            "must have exactly one version marked as storage version"));
        }
        for (int i = 0; i < versions.size(); i++) {
            if (!versions.get(i).at("/schema/openAPIV3Schema").isObject()) {
                errors.add(
                        FieldError.required(
                                "spec.versions[%d].schema.openAPIV3Schema".formatted(i),
                                "schemas are required"));
            }
        }
    }

    private void schemas(ObjectNode object, List<FieldError> errors) {
        KindInfo kind = DefinedKinds.read(object, kinds);
        for (KindVersion version : kind.versions()) {
            String path = "spec.versions[%s].schema.openAPIV3Schema".formatted(version.name());
            try {
                for (String problem : rules.compileAll(version.schema().schema())) {
                    errors.add(FieldError.invalid(path, "object", problem));
                }
            } catch (IllegalArgumentException e) {
                errors.add(FieldError.invalid(path, "object", String.valueOf(e.getMessage())));
            }
        }
    }
}
