package io.weir.kubernetes.embedded.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.weir.kubernetes.embedded.kind.KindInfo;
import io.weir.kubernetes.embedded.kind.Served;
import io.weir.kubernetes.embedded.object.ApiError;
import io.weir.kubernetes.embedded.object.Trees;
import io.weir.kubernetes.embedded.schema.Defaults;
import io.weir.kubernetes.embedded.schema.Pruner;

import org.jspecify.annotations.Nullable;

import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Makes of what a client sent the object that may be stored, before it is validated. */
final class Preparation {

    private static final Set<String> KEPT_METADATA =
            Set.of("uid", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds");

    private static final Set<String> EMPTY_IS_ABSENT =
            Set.of("labels", "annotations", "finalizers", "ownerReferences");

    private final Clockwork clockwork;

    Preparation(Clockwork clockwork) {
        this.clockwork = clockwork;
    }

    /** Drops unknown fields and nulls of an own copy of the body and returns what was dropped. */
    List<String> decode(Served served, ObjectNode body) {
        if (served.info().origin() == KindInfo.Origin.KUBERNETES) {
            dropNulls(body);
        } else {
            dropNulls(Trees.at(body, "metadata"));
        }
        dropEmpty(Trees.objectAt(body, "metadata"));
        body.put("apiVersion", served.apiVersion());
        body.put("kind", served.info().kind());
        return Pruner.prune(served.schema(), body);
    }

    /** Empty lists and maps of metadata are the same as none. */
    private static void dropEmpty(ObjectNode metadata) {
        for (String name : EMPTY_IS_ABSENT) {
            if (metadata.path(name).isContainerNode() && metadata.path(name).isEmpty()) {
                metadata.remove(name);
            }
        }
    }

    private static void dropNulls(JsonNode node) {
        if (node instanceof ObjectNode object) {
            Iterator<Map.Entry<String, JsonNode>> members = object.properties().iterator();
            while (members.hasNext()) {
                JsonNode value = members.next().getValue();
                if (value.isNull()) {
                    members.remove();
                } else {
                    dropNulls(value);
                }
            }
        } else if (node instanceof ArrayNode array) {
            array.forEach(Preparation::dropNulls);
        }
    }

    /** Completes a new object in place. */
    void create(Served served, KindRules rules, ObjectNode object) {
        ObjectNode metadata = Trees.metadata(object);
        if (!Trees.text(metadata, "resourceVersion").isEmpty()) {
            throw ApiError.badRequest("resourceVersion should not be set on objects to be created");
        }
        metadata.remove(List.of("deletionTimestamp", "deletionGracePeriodSeconds", "selfLink"));
        metadata.remove(List.of("generation", "managedFields", "resourceVersion"));
        if (Trees.name(object).isEmpty() && !Trees.text(metadata, "generateName").isEmpty()) {
            metadata.put("name", Trees.text(metadata, "generateName") + clockwork.suffix());
        }
        metadata.put("uid", clockwork.uid());
        metadata.put("creationTimestamp", clockwork.now());
        if (served.info().hasGeneration()) {
            metadata.put("generation", 1);
        }
        if (served.version().hasStatus()) {
            object.remove("status");
        }
        Defaults.apply(served.schema(), object);
        rules.prepare(object, null);
    }

    /**
     * Completes an update in place: what the endpoint may not change is taken from the old object.
     *
     * @param subresource {@code status} or empty
     */
    void update(
            Served served, KindRules rules, ObjectNode object, ObjectNode old, String subresource) {
        if (subresource.equals("status")) {
            keepAllButStatus(object, old);
        } else if (served.version().hasStatus()) {
            copy("status", old, object);
        }
        keepMetadata(object, old);
        Defaults.apply(served.schema(), object);
        rules.prepare(object, old);
        if (served.info().hasGeneration() && specChanged(object, old)) {
            long generation = Trees.at(old, "metadata", "generation").asLong(1);
            Trees.metadata(object).put("generation", generation + 1);
        }
    }

    private static void keepAllButStatus(ObjectNode object, ObjectNode old) {
        JsonNode status = object.get("status");
        ArrayNode owners = Trees.arrayAt(object, "metadata", "managedFields").deepCopy();
        object.removeAll();
        object.setAll(old.deepCopy());
        if (status == null) {
            object.remove("status");
        } else {
            object.set("status", status);
        }
        if (!owners.isEmpty()) {
            Trees.metadata(object).set("managedFields", owners);
        }
    }

    private static void keepMetadata(ObjectNode object, ObjectNode old) {
        ObjectNode metadata = Trees.metadata(object);
        ObjectNode before = Trees.metadata(old);
        KEPT_METADATA.forEach(name -> copy(name, before, metadata));
        copy("name", before, metadata);
        copy("namespace", before, metadata);
        copy("generation", before, metadata);
        copy("resourceVersion", before, metadata);
        metadata.remove("selfLink");
        if (Trees.arrayAt(metadata, "managedFields").isEmpty()) {
            copy("managedFields", before, metadata);
        }
    }

    private static void copy(String name, ObjectNode from, ObjectNode to) {
        JsonNode value = from.get(name);
        if (value == null) {
            to.remove(name);
        } else {
            to.set(name, value);
        }
    }

    private static boolean specChanged(ObjectNode object, ObjectNode old) {
        return !withoutState(object).equals(withoutState(old));
    }

    private static ObjectNode withoutState(ObjectNode object) {
        ObjectNode copy = Trees.shallowCopy(object);
        copy.remove(List.of("metadata", "status", "apiVersion"));
        return copy;
    }

    /** Refuses a body whose identity is not that of the request. */
    static void requireIdentity(Ref ref, ObjectNode body, @Nullable ObjectNode old) {
        String name = Trees.name(body);
        if (!ref.name().isEmpty() && !name.isEmpty() && !name.equals(ref.name())) {
            throw ApiError.badRequest(
                    "the name of the object (%s) does not match the name on the URL (%s)"
                            .formatted(name, ref.name()));
        }
        String namespace = Trees.namespace(body);
        if (!namespace.isEmpty() && !namespace.equals(ref.namespace())) {
            throw ApiError.badRequest(
                    "the namespace of the provided object does not match the namespace sent on"
                            + " the request");
        }
        String uid = Trees.uid(body);
        if (old != null && !uid.isEmpty() && !uid.equals(Trees.uid(old))) {
            throw ApiError.conflict(
                    ref.served().info().subject(ref.name()),
                    "Precondition failed: UID in precondition: %s, UID in object meta: %s"
                            .formatted(uid, Trees.uid(old)));
        }
    }

    /** Refuses a body of another kind or version than the request's. */
    static void requireKind(Served served, ObjectNode body) {
        String apiVersion = Trees.text(body, "apiVersion");
        String kind = Trees.text(body, "kind");
        if (!kind.isEmpty() && !kind.equals(served.info().kind())) {
            throw ApiError.badRequest(
                    "the kind in the data (%s) does not match the expected kind (%s)"
                            .formatted(kind, served.info().kind()));
        }
        if (!apiVersion.isEmpty() && !apiVersion.equals(served.apiVersion())) {
            throw ApiError.badRequest(
                    "the API version in the data (%s) does not match the expected API version (%s)"
                            .formatted(apiVersion, served.apiVersion()));
        }
    }
}
