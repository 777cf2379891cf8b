package io.weir.kubernetes.embedded.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.weir.kubernetes.embedded.client.ApiClient;
import io.weir.kubernetes.embedded.client.Change;
import io.weir.kubernetes.embedded.client.ChangeListener;
import io.weir.kubernetes.embedded.engine.DeleteOptions;
import io.weir.kubernetes.embedded.object.ApiError;
import io.weir.kubernetes.embedded.object.Trees;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Deletes what is owned by something that is gone, and does what the finalizers {@code orphan} and
 * {@code foregroundDeletion} stand for.
 */
public final class GarbageCollector implements ChangeListener {

    private static final Logger LOG = LoggerFactory.getLogger(GarbageCollector.class);
    private static final String FOREGROUND = "foregroundDeletion";
    private static final String ORPHAN = "orphan";
    private static final int MAX_ATTEMPTS = 10;

    private final ApiClient client;
    private final Map<String, ObjectNode> live = new HashMap<>();
    private final Map<String, Set<String>> dependents = new HashMap<>();
    private boolean started;

    public GarbageCollector(ApiClient client) {
        this.client = client;
    }

    @Override
    public void changed(List<Change> changes) {
        Map<String, ObjectNode> going = new LinkedHashMap<>();
        Set<String> gone = new HashSet<>();
        for (Change change : changes) {
            note(change, going, gone);
        }
        if (!started) {
            started = true;
            live.values()
                    .forEach(object ->
                            owners(object).stream()
                                    .filter(o -> !live.containsKey(o))
                                    .forEach(gone::add));
        }
        gone.forEach(this::ownerIsGone);
        going.values().forEach(this::finish);
    }

    private void note(Change change, Map<String, ObjectNode> going, Set<String> gone) {
        ObjectNode object = change.object();
        String uid = Trees.uid(object);
        Set<String> owners = owners(object);
        if (change.type() == Change.Type.DELETED) {
            live.remove(uid);
            going.remove(uid);
            gone.add(uid);
            owners.forEach(owner -> dependentIsGone(owner, uid, going));
            return;
        }
        ObjectNode before = live.put(uid, object);
        if (before != null) {
            owners(before).stream()
                    .filter(owner -> !owners.contains(owner))
                    .forEach(owner -> dependentIsGone(owner, uid, going));
        }
        owners.forEach(owner -> dependents.computeIfAbsent(owner, key -> new HashSet<>()).add(uid));
        if (started) {
            owners.stream().filter(owner -> !live.containsKey(owner)).forEach(gone::add);
        }
        if (Trees.isDeleting(object)) {
            going.put(uid, object);
        }
    }

    private void dependentIsGone(String owner, String uid, Map<String, ObjectNode> going) {
        Set<String> others = dependents.get(owner);
        if (others != null) {
            others.remove(uid);
        }
        ObjectNode object = live.get(owner);
        if (object != null && Trees.isDeleting(object)) {
            going.put(owner, object);
        }
    }

    private static Set<String> owners(ObjectNode object) {
        Set<String> uids = new HashSet<>();
        for (JsonNode owner : Trees.arrayAt(object, "metadata", "ownerReferences")) {
            uids.add(Trees.text(owner, "uid"));
        }
        return uids;
    }

    private void ownerIsGone(String owner) {
        for (String uid : Set.copyOf(dependents.getOrDefault(owner, Set.of()))) {
            ObjectNode dependent = live.get(uid);
            if (dependent == null || Trees.isDeleting(dependent)) {
                continue;
            }
            boolean owned = owners(dependent).stream().anyMatch(live::containsKey);
            if (owned) {
                attempt(() -> release(dependent, owner), dependent);
            } else {
                attempt(() -> client.delete(dependent, DeleteOptions.PLAIN), dependent);
            }
        }
    }

    private void finish(ObjectNode owner) {
        ArrayNode finalizers = Trees.arrayAt(owner, "metadata", "finalizers");
        if (has(finalizers, ORPHAN)) {
            List<ObjectNode> left = dependentsOf(owner);
            for (ObjectNode dependent : left) {
                attempt(() -> release(dependent, Trees.uid(owner)), dependent);
            }
            if (left.isEmpty()) {
                attempt(() -> client.update(withoutFinalizer(owner, ORPHAN)), owner);
            }
        } else if (has(finalizers, FOREGROUND)) {
            List<ObjectNode> left = dependentsOf(owner);
            left.stream()
                    .filter(dependent -> !Trees.isDeleting(dependent))
                    .forEach(d -> attempt(() -> client.delete(d, DeleteOptions.PLAIN), d));
            if (left.isEmpty()) {
                attempt(() -> client.update(withoutFinalizer(owner, FOREGROUND)), owner);
            }
        }
    }

    /** Takes an owner away; what others write at the same time stays. */
    private void release(ObjectNode dependent, String owner) {
        String apiVersion = Trees.text(dependent, "apiVersion");
        String kind = Trees.text(dependent, "kind");
        for (int attempt = 1; ; attempt++) {
            Optional<ObjectNode> latest =
                    client.get(apiVersion, kind, Trees.namespace(dependent), Trees.name(dependent));
            if (latest.isEmpty()) {
                return;
            }
            try {
                client.update(withoutOwner(latest.get(), owner));
                return;
            } catch (ApiError e) {
                if (!e.isConflict() || attempt == MAX_ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    private List<ObjectNode> dependentsOf(ObjectNode owner) {
        return dependents.getOrDefault(Trees.uid(owner), Set.of()).stream()
                .map(live::get)
                .filter(java.util.Objects::nonNull)
                .toList();
    }

    private static boolean has(ArrayNode finalizers, String name) {
        return finalizers.valueStream().anyMatch(finalizer -> finalizer.asText().equals(name));
    }

    private static ObjectNode withoutFinalizer(ObjectNode object, String name) {
        ObjectNode copy = object.deepCopy();
        ArrayNode stay = Trees.array();
        Trees.arrayAt(object, "metadata", "finalizers")
                .valueStream()
                .filter(finalizer -> !finalizer.asText().equals(name))
                .forEach(stay::add);
        Trees.metadata(copy).set("finalizers", stay);
        return copy;
    }

    private static ObjectNode withoutOwner(ObjectNode object, String uid) {
        ObjectNode copy = object.deepCopy();
        ArrayNode stay = Trees.array();
        Trees.arrayAt(object, "metadata", "ownerReferences")
                .valueStream()
                .filter(owner -> !Trees.text(owner, "uid").equals(uid))
                .forEach(stay::add);
        Trees.metadata(copy).set("ownerReferences", stay);
        return copy;
    }

    /** A writer that came in between brings another change, and this is tried again. */
    private static void attempt(Runnable action, ObjectNode object) {
        try {
            action.run();
        } catch (ApiError e) {
            if (!e.isNotFound() && !e.isConflict()) {
                LOG.atWarn()
                        .addKeyValue("kind", Trees.text(object, "kind"))
                        .addKeyValue("name", Trees.name(object))
                        .setCause(e)
                        .log("garbage not collected");
            }
        }
    }
}
