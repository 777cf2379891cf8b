package io.weir.kubernetes.embedded.control;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.weir.kubernetes.embedded.client.ApiClient;
import io.weir.kubernetes.embedded.client.Change;
import io.weir.kubernetes.embedded.client.ChangeListener;
import io.weir.kubernetes.embedded.engine.DeleteOptions;
import io.weir.kubernetes.embedded.kind.DefinedKinds;
import io.weir.kubernetes.embedded.kind.KindInfo;
import io.weir.kubernetes.embedded.object.ApiError;
import io.weir.kubernetes.embedded.object.Trees;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Empties namespaces and kinds that are to be deleted. Something is asked to go whenever anything
 * inside it changes, until nothing is left and the namespace or definition itself may go.
 */
public final class Cleanup implements ChangeListener {

    private static final Logger LOG = LoggerFactory.getLogger(Cleanup.class);
    private static final String DEFINITIONS = "customresourcedefinitions.apiextensions.k8s.io";
    private static final String HOLD = "customresourcecleanup.apiextensions.k8s.io";

    private final ApiClient client;
    private final Map<String, ObjectNode> namespaces = new LinkedHashMap<>();
    private final Map<String, ObjectNode> definitions = new LinkedHashMap<>();

    public Cleanup(ApiClient client) {
        this.client = client;
    }

    @Override
    public void changed(List<Change> changes) {
        changes.forEach(this::note);
        List.copyOf(namespaces.values()).forEach(this::emptyNamespace);
        List.copyOf(definitions.values()).forEach(this::emptyKind);
    }

    private void note(Change change) {
        Map<String, ObjectNode> going =
                switch (change.kind().resource()) {
                    case "namespaces" -> namespaces;
                    case DEFINITIONS -> definitions;
                    default -> Map.of();
                };
        String name = Trees.name(change.object());
        if (change.type() == Change.Type.DELETED) {
            if (going.containsKey(name)) {
                going.remove(name);
            }
        } else if (Trees.isDeleting(change.object())
                && (change.kind().resource().equals("namespaces")
                        || change.kind().resource().equals(DEFINITIONS))) {
            going.put(name, change.object());
        }
    }

    private void emptyNamespace(ObjectNode namespace) {
        List<ObjectNode> left = new ArrayList<>();
        for (KindInfo kind : client.kinds()) {
            if (kind.namespaced()) {
                left.addAll(all(kind, Trees.name(namespace)));
            }
        }
        left.forEach(this::delete);
        if (left.isEmpty()) {
            ObjectNode empty = namespace.deepCopy();
            Trees.child(empty, "spec").putArray("finalizers");
            release(empty);
        }
    }

    private void emptyKind(ObjectNode definition) {
        String resource = DefinedKinds.resource(definition);
        List<ObjectNode> left =
                client.kinds().stream()
                        .filter(kind -> kind.resource().equals(resource))
                        .flatMap(kind -> all(kind, "").stream())
                        .filter(object -> client.fileOf(object).isEmpty())
                        .toList();
        left.forEach(this::delete);
        if (left.isEmpty()) {
            ObjectNode empty = definition.deepCopy();
            ArrayNode stay = Trees.array();
            Trees.arrayAt(definition, "metadata", "finalizers")
                    .valueStream()
                    .filter(finalizer -> !finalizer.asText().equals(HOLD))
                    .forEach(stay::add);
            Trees.metadata(empty).set("finalizers", stay);
            release(empty);
        }
    }

    private List<ObjectNode> all(KindInfo kind, String namespace) {
        return client.list(kind.storage().apiVersion(), kind.kind(), namespace);
    }

    private void delete(ObjectNode object) {
        if (Trees.isDeleting(object)) {
            return;
        }
        attempt(() -> client.delete(object, DeleteOptions.PLAIN), object);
    }

    /** A writer that came in between brings another change, and this is tried again. */
    private void release(ObjectNode object) {
        attempt(() -> client.update(object), object);
    }

    private static void attempt(Runnable action, ObjectNode object) {
        try {
            action.run();
        } catch (ApiError e) {
            if (!e.isNotFound() && !e.isConflict()) {
                LOG.atWarn()
                        .addKeyValue("kind", Trees.text(object, "kind"))
                        .addKeyValue("name", Trees.name(object))
                        .setCause(e)
                        .log("cleanup failed");
            }
        }
    }
}
