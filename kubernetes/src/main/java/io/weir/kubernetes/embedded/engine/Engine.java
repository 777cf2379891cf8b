package io.weir.kubernetes.embedded.engine;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.weir.kubernetes.embedded.engine.WriteOptions.UnknownFields;
import io.weir.kubernetes.embedded.kind.Kinds;
import io.weir.kubernetes.embedded.kind.Served;
import io.weir.kubernetes.embedded.object.ApiError;
import io.weir.kubernetes.embedded.object.FieldError;
import io.weir.kubernetes.embedded.object.FieldSelector;
import io.weir.kubernetes.embedded.object.LabelSelector;
import io.weir.kubernetes.embedded.object.Trees;
import io.weir.kubernetes.embedded.patch.FieldOwnership;
import io.weir.kubernetes.embedded.schema.Defaults;
import io.weir.kubernetes.embedded.schema.rule.Rules;
import io.weir.kubernetes.embedded.store.ObjectStore;
import io.weir.kubernetes.embedded.store.StorageException;
import io.weir.kubernetes.embedded.store.Stored;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Reads and writes objects as a Kubernetes API server does. */
public final class Engine {

    private static final int MAX_ATTEMPTS = 20;
    private static final String MODIFIED =
            "the object has been modified; please apply your changes to the latest version and try"
                    + " again";

    private final ObjectStore store;
    private final RulesOfKinds rulesOfKinds;
    private final Preparation preparation;
    private final Checks checks;
    private final Clockwork clockwork;
    private final Deletion deletion;

    /**
     * @param rules the CEL rules of schemas
     * @param admissions asked in this order
     */
    public Engine(
            Kinds kinds,
            ObjectStore store,
            Rules rules,
            List<Admission> admissions,
            Clockwork clockwork) {
        this.store = store;
        this.rulesOfKinds = new RulesOfKinds(kinds, store, rules, clockwork);
        this.preparation = new Preparation(clockwork);
        this.checks = new Checks(rules, admissions);
        this.clockwork = clockwork;
        this.deletion = new Deletion(this, store, clockwork);
    }

    /** Returns the store, for watching. */
    public ObjectStore store() {
        return store;
    }

    /**
     * Returns an object in the version that was asked for; not to be changed.
     *
     * @throws ApiError 404
     */
    public ObjectNode get(Ref ref) {
        return find(ref).orElseThrow(ref::notFound);
    }

    /** Returns an object in the version that was asked for; not to be changed. */
    public Optional<ObjectNode> find(Ref ref) {
        return store.get(ref.key()).map(stored -> spoken(ref.served(), stored));
    }

    /**
     * Returns the objects that are selected, as they are stored.
     *
     * @param namespace empty for all
     */
    public ObjectStore.Listing list(
            Served served, String namespace, LabelSelector labels, FieldSelector fields) {
        ObjectStore.Listing all = store.list(served.info().resource(), namespace);
        if (labels.isEmpty() && fields.terms().isEmpty()) {
            return all;
        }
        List<Stored> selected =
                all.items().stream()
                        .filter(item -> labels.matches(Trees.labels(item.object())))
                        .filter(item -> fields.matches(item.object()))
                        .toList();
        return new ObjectStore.Listing(all.version(), selected);
    }

    /** Returns a stored object in a version of its API. */
    public static ObjectNode spoken(Served served, Stored stored) {
        return Trees.withApiVersion(stored.object(), served.apiVersion());
    }

    /**
     * Creates an object.
     *
     * @param ref the name may be empty; then it comes from the body
     * @throws ApiError 400, 403, 404, 409 or 422
     */
    public Outcome create(Ref ref, ObjectNode body, WriteOptions options) {
        Served served = ref.served();
        ObjectNode object = body.deepCopy();
        Preparation.requireKind(served, object);
        Preparation.requireIdentity(ref, object, null);
        List<String> warnings = decode(served, object, options);
        if (served.info().namespaced()) {
            Trees.metadata(object).put("namespace", ref.namespace());
        }
        if (!ref.name().isEmpty()) {
            Trees.metadata(object).put("name", ref.name());
        }
        KindRules rules = rulesOfKinds.of(served.info());
        ObjectNode said = object.deepCopy();
        Defaults.apply(served.schema(), said);
        preparation.create(served, rules, object);
        requireNamespace(ref);
        warnings.addAll(checks.check(served, rules, object, null, "", options.file()));
        FieldOwnership.create(served.schema(), said, object, writer(served, options, ""));
        return new Outcome(storeNew(ref, object, options), true, warnings);
    }

    private ObjectNode storeNew(Ref ref, ObjectNode object, WriteOptions options) {
        Ref named = ref.named(Trees.name(object));
        ObjectNode stored = asStored(ref.served(), object);
        if (options.dryRun()) {
            if (store.get(named.key()).isPresent()) {
                throw ApiError.alreadyExists(ref.served().info().subject(named.name()));
            }
            return object;
        }
        try {
            return spoken(ref.served(), store.create(named.key(), stored, options.file()));
        } catch (ObjectStore.VersionConflict e) {
            throw ApiError.alreadyExists(ref.served().info().subject(named.name()));
        } catch (StorageException e) {
            throw unavailable(e);
        }
    }

    /**
     * Replaces an object, or only its status.
     *
     * @param subresource {@code status} or empty
     * @throws ApiError 400, 403, 404, 409 or 422
     */
    public Outcome update(Ref ref, String subresource, ObjectNode body, WriteOptions options) {
        Preparation.requireKind(ref.served(), body);
        String expected = Trees.text(body, "metadata", "resourceVersion");
        if (expected.isEmpty() && !rulesOfKinds.allowsBlindUpdate(ref.served().info())) {
            FieldError error =
                    FieldError.invalid(
                            "metadata.resourceVersion", "", "must be specified for an update");
            throw ApiError.invalid(ref.served().info().kindSubject(ref.name()), List.of(error));
        }
        return modify(ref, subresource, options, old -> body.deepCopy(), false);
    }

    /**
     * Changes a part of an object. An apply creates the object when there is none.
     *
     * @param subresource {@code status} or empty
     * @throws ApiError 400, 403, 404, 409, 415 or 422
     */
    public Outcome patch(Ref ref, String subresource, Patch patch, WriteOptions options) {
        FieldOwnership.Writer writer = writer(ref.served(), options, subresource);
        if (patch instanceof Patch.Apply apply) {
            return apply(ref, subresource, apply, writer, options);
        }
        return modify(
                ref,
                subresource,
                options,
                old -> Patches.apply(ref, old, patch, writer, options.force()),
                false);
    }

    private Outcome apply(
            Ref ref,
            String subresource,
            Patch.Apply apply,
            FieldOwnership.Writer writer,
            WriteOptions options) {
        Served served = ref.served();
        ObjectNode stated = apply.body().deepCopy();
        requireApplicable(ref, stated);
        List<String> warnings = decode(served, stated, options);
        if (subresource.isEmpty() && served.version().hasStatus()) {
            stated.remove("status");
        }
        Patch.Apply decoded = new Patch.Apply(stated);
        if (store.get(ref.key()).isEmpty()) {
            if (!subresource.isEmpty()) {
                throw ref.notFound();
            }
            return createByApply(ref, decoded, writer, options, warnings);
        }
        Outcome outcome =
                modify(
                        ref,
                        subresource,
                        options,
                        old -> Patches.apply(ref, old, decoded, writer, options.force()),
                        true);
        warnings.addAll(outcome.warnings());
        return new Outcome(outcome.object(), false, warnings);
    }

    private static void requireApplicable(Ref ref, ObjectNode stated) {
        if (!Trees.arrayAt(stated, "metadata", "managedFields").isEmpty()) {
            throw ApiError.badRequest("metadata.managedFields must be nil");
        }
        if (Trees.text(stated, "apiVersion").isEmpty() || Trees.text(stated, "kind").isEmpty()) {
            throw ApiError.badRequest("an applied object needs apiVersion and kind");
        }
        Preparation.requireKind(ref.served(), stated);
        Preparation.requireIdentity(ref, stated, null);
    }

    private Outcome createByApply(
            Ref ref,
            Patch.Apply apply,
            FieldOwnership.Writer writer,
            WriteOptions options,
            List<String> warnings) {
        Served served = ref.served();
        ObjectNode empty = Trees.object();
        ObjectNode object = Patches.apply(ref, empty, apply, writer, true);
        ObjectNode owners = Trees.metadata(object).deepCopy();
        object.put("apiVersion", served.apiVersion()).put("kind", served.info().kind());
        Trees.metadata(object).put("name", ref.name());
        if (served.info().namespaced()) {
            Trees.metadata(object).put("namespace", ref.namespace());
        }
        KindRules rules = rulesOfKinds.of(served.info());
        preparation.create(served, rules, object);
        requireNamespace(ref);
        warnings.addAll(checks.check(served, rules, object, null, "", options.file()));
        Trees.metadata(object).set("managedFields", owners.get("managedFields"));
        return new Outcome(storeNew(ref, object, options), true, warnings);
    }

    /**
     * Deletes an object, or marks it when finalizers want to be waited for.
     *
     * @return the object when it is still there, or its last state
     * @throws ApiError 403, 404 or 409
     */
    public Deleted delete(Ref ref, DeleteOptions options) {
        return deletion.delete(ref, options);
    }

    private Outcome modify(
            Ref ref,
            String subresource,
            WriteOptions options,
            Function<ObjectNode, ObjectNode> change,
            boolean ownersAreSet) {
        for (int attempt = 1; ; attempt++) {
            Stored old = store.get(ref.key()).orElseThrow(ref::notFound);
            FileObjects.requireWritable(ref, old, subresource, options);
            ObjectNode live = spoken(ref.served(), old);
            ObjectNode object = change.apply(live);
            requireVersion(ref, object, old);
            Outcome outcome = complete(ref, subresource, options, object, live, ownersAreSet);
            if (isSame(outcome.object(), live)) {
                return new Outcome(live, false, outcome.warnings());
            }
            if (options.dryRun()) {
                return outcome;
            }
            try {
                ObjectNode stored = replace(ref, old, outcome.object(), options);
                return new Outcome(stored, false, outcome.warnings());
            } catch (ObjectStore.VersionConflict e) {
                if (attempt == MAX_ATTEMPTS) {
                    throw ApiError.conflict(ref.served().info().subject(ref.name()), MODIFIED);
                }
            } catch (StorageException e) {
                throw unavailable(e);
            }
        }
    }

    /**
     * A writer that names a version has seen that one and no other. What a patch makes of the live
     * object names the live version, unless the patch itself names one.
     */
    private static void requireVersion(Ref ref, ObjectNode object, Stored old) {
        String expected = Trees.text(object, "metadata", "resourceVersion");
        if (!expected.isEmpty() && !expected.equals(String.valueOf(old.version()))) {
            throw ApiError.conflict(ref.served().info().subject(ref.name()), MODIFIED);
        }
    }

    private Outcome complete(
            Ref ref,
            String subresource,
            WriteOptions options,
            ObjectNode object,
            ObjectNode live,
            boolean ownersAreSet) {
        Served served = ref.served();
        Preparation.requireIdentity(ref, object, live);
        List<String> warnings = decode(served, object, options);
        KindRules rules = rulesOfKinds.of(served.info());
        preparation.update(served, rules, object, live, subresource);
        warnings.addAll(checks.check(served, rules, object, live, subresource, options.file()));
        if (!ownersAreSet) {
            FieldOwnership.update(
                    served.schema(), live, object, writer(served, options, subresource));
        }
        return new Outcome(object, false, warnings);
    }

    private static boolean isSame(ObjectNode object, ObjectNode live) {
        return FieldOwnership.sameButForOwners(object, live)
                && FieldOwnership.sameOwners(object, live);
    }

    private ObjectNode replace(Ref ref, Stored old, ObjectNode object, WriteOptions options)
            throws ObjectStore.VersionConflict {
        String file = options.file().isEmpty() ? old.file() : options.file();
        ObjectNode stored = asStored(ref.served(), object);
        if (Trees.isDeleting(stored) && Deletion.nothingHolds(stored)) {
            return spoken(ref.served(), store.delete(ref.key(), old.version()));
        }
        return spoken(ref.served(), store.replace(ref.key(), old.version(), stored, file));
    }

    private static ObjectNode asStored(Served served, ObjectNode object) {
        return Trees.withApiVersion(object, served.info().storage().apiVersion());
    }

    private List<String> decode(Served served, ObjectNode object, WriteOptions options) {
        List<String> unknown = preparation.decode(served, object);
        if (unknown.isEmpty() || options.unknownFields() == UnknownFields.IGNORE) {
            return new ArrayList<>();
        }
        List<String> messages =
                unknown.stream()
                        .map(field -> "unknown field \"" + field + "\"")
                        .collect(Collectors.toCollection(ArrayList::new));
        if (options.unknownFields() == UnknownFields.STRICT) {
            throw strict(served, messages);
        }
        return messages;
    }

    /** Returns the answer to a body that says things that would be dropped. */
    public static ApiError strict(Served served, List<String> messages) {
        return ApiError.badRequest(
                "%s in version \"%s\" cannot be handled as a %s: strict decoding error: %s"
                        .formatted(
                                served.info().kind(),
                                served.version().name(),
                                served.info().kind(),
                                String.join(", ", messages)));
    }

    private void requireNamespace(Ref ref) {
        if (ref.served().info().namespaced()) {
            rulesOfKinds.requireNamespace(ref);
        }
    }

    private FieldOwnership.Writer writer(Served served, WriteOptions options, String subresource) {
        return new FieldOwnership.Writer(
                options.fieldManager(),
                subresource,
                served.apiVersion(),
                clockwork.now(),
                !subresource.isEmpty() || !served.version().hasStatus());
    }

    static ApiError unavailable(StorageException e) {
        return ApiError.internal(String.valueOf(e.getMessage()));
    }

    /**
     * What became of an object that was to be deleted.
     *
     * @param object its last state, or its present one while something holds it
     * @param gone whether it is gone
     */
    public record Deleted(@Nullable ObjectNode object, boolean gone) {}
}
