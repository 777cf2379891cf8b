package io.weir.kubernetes.embedded.client;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.weir.kubernetes.embedded.engine.DeleteOptions;
import io.weir.kubernetes.embedded.engine.Engine;
import io.weir.kubernetes.embedded.engine.Patch;
import io.weir.kubernetes.embedded.engine.Ref;
import io.weir.kubernetes.embedded.engine.WriteOptions;
import io.weir.kubernetes.embedded.kind.KindInfo;
import io.weir.kubernetes.embedded.kind.Kinds;
import io.weir.kubernetes.embedded.kind.Served;
import io.weir.kubernetes.embedded.object.ApiError;
import io.weir.kubernetes.embedded.object.FieldSelector;
import io.weir.kubernetes.embedded.object.LabelSelector;
import io.weir.kubernetes.embedded.object.Trees;
import io.weir.kubernetes.embedded.store.Key;
import io.weir.kubernetes.embedded.store.Stored;

import java.util.List;
import java.util.Optional;

/**
 * Reads and writes objects. What it returns is not to be changed; what it is given is copied.
 * Refusals are {@link ApiError}s, as over HTTP.
 */
public final class ApiClient {

    private final Kinds kinds;
    private final Engine engine;
    private final String manager;

    /**
     * @param manager who owns the fields that are written
     */
    public ApiClient(Kinds kinds, Engine engine, String manager) {
        this.kinds = kinds;
        this.engine = engine;
        this.manager = manager;
    }

    /** Returns an object. */
    public Optional<ObjectNode> get(String apiVersion, String kind, String namespace, String name) {
        return engine.find(new Ref(served(apiVersion, kind), namespace, name));
    }

    /** Returns the objects of a kind in one namespace, or in all when it is empty. */
    public List<ObjectNode> list(String apiVersion, String kind, String namespace) {
        return list(apiVersion, kind, namespace, LabelSelector.EVERYTHING);
    }

    /** Returns the objects of a kind that have certain labels. */
    public List<ObjectNode> list(
            String apiVersion, String kind, String namespace, LabelSelector labels) {
        Served served = served(apiVersion, kind);
        return engine.list(served, namespace, labels, FieldSelector.EVERYTHING).items().stream()
                .map(stored -> Engine.spoken(served, stored))
                .toList();
    }

    /** Creates an object. */
    public ObjectNode create(ObjectNode object) {
        Ref ref = ref(object);
        return engine.create(ref.named(""), object, WriteOptions.by(manager)).object();
    }

    /** Replaces an object; with a resource version in it, only if that is the present one. */
    public ObjectNode update(ObjectNode object) {
        return engine.update(ref(object), "", object, WriteOptions.by(manager)).object();
    }

    /** Replaces the status of an object. */
    public ObjectNode updateStatus(ObjectNode object) {
        return engine.update(ref(object), "status", object, WriteOptions.by(manager)).object();
    }

    /**
     * Sets the status of an object, whatever its resource version, and leaves the rest alone.
     * Nothing is written when it is what it was.
     */
    public ObjectNode setStatus(ObjectNode object, ObjectNode status) {
        ArrayNode operations = Trees.array();
        operations.addObject().put("op", "add").put("path", "/status").set("value", status);
        return engine.patch(
                        ref(object), "status", new Patch.Json(operations), WriteOptions.by(manager))
                .object();
    }

    /** Applies what this program wants of an object; fields of others are taken from them. */
    public ObjectNode apply(ObjectNode object) {
        return engine.patch(ref(object), "", new Patch.Apply(object), WriteOptions.by(manager))
                .object();
    }

    /** Changes a part of an object. */
    public ObjectNode patch(ObjectNode object, Patch patch) {
        return engine.patch(ref(object), "", patch, WriteOptions.by(manager)).object();
    }

    /** Deletes an object; one that is not there is fine. */
    public void delete(ObjectNode object, DeleteOptions options) {
        try {
            engine.delete(ref(object), options);
        } catch (ApiError e) {
            if (!e.isNotFound()) {
                throw e;
            }
        }
    }

    /**
     * Brings an object from a file: created, or replaced in everything but its status. From then on
     * it can't be changed over the API.
     *
     * @param file name and line, as users are told
     */
    public ObjectNode putFromFile(ObjectNode object, String file) {
        Ref ref = ref(object);
        WriteOptions options = WriteOptions.fromFile(manager, file);
        Optional<Stored> present = engine.store().get(ref.key());
        if (present.isEmpty()) {
            return engine.create(ref, object, options).object();
        }
        ObjectNode body = object.deepCopy();
        Trees.metadata(body).put("resourceVersion", String.valueOf(present.get().version()));
        return engine.update(ref, "", body, options).object();
    }

    /** Removes an object that is no longer in its file. */
    public void removeFromFile(ObjectNode object, String file) {
        delete(object, DeleteOptions.fromFile(file));
    }

    /** Returns the file that owns an object; empty when it came over the API. */
    public Optional<String> fileOf(ObjectNode object) {
        Key key = ref(object).key();
        return engine.store().get(key).map(Stored::file).filter(file -> !file.isEmpty());
    }

    /** Returns the kinds that there are. */
    public List<KindInfo> kinds() {
        return kinds.all();
    }

    private Ref ref(ObjectNode object) {
        Served served = served(Trees.text(object, "apiVersion"), Trees.text(object, "kind"));
        String namespace = Trees.namespace(object);
        if (served.info().namespaced() && namespace.isEmpty()) {
            namespace = "default";
        }
        return new Ref(served, namespace, Trees.name(object));
    }

    private Served served(String apiVersion, String kind) {
        return kinds.byKind(apiVersion, kind)
                .orElseThrow(() ->
                        ApiError.badRequest(
                                "no matches for kind \"%s\" in version \"%s\""
                                        .formatted(kind, apiVersion)));
    }
}
