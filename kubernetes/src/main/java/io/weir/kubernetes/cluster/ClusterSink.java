package io.weir.kubernetes.cluster;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.weir.kubernetes.embedded.object.Trees;
import io.weir.kubernetes.objects.LiveObjects;
import io.weir.kubernetes.status.EventTree;
import io.weir.kubernetes.status.StatusSink;
import io.weir.resource.ObjectKey;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;

/**
 * Writes statuses over HTTP, from objects that the feed brought. A status that meets a newer object
 * is refused by the server and rendered again from that.
 *
 * <p>The feed's thread puts objects, the status loop's threads find and write.
 */
public final class ClusterSink implements StatusSink {

    private static final Logger LOG = LoggerFactory.getLogger(ClusterSink.class);
    private static final int NOT_FOUND = 404;
    private static final int CONFLICT = 409;

    private final KubernetesClient client;
    private final BooleanSupplier leads;
    private final Map<ObjectKey, ObjectNode> objects = new ConcurrentHashMap<>();

    /**
     * Makes a sink.
     *
     * @param client stays open
     * @param leads whether this replica may write
     */
    public ClusterSink(KubernetesClient client, BooleanSupplier leads) {
        this.client = client;
        this.leads = leads;
    }

    /**
     * Takes a change.
     *
     * @return whether the object is another one than what was written here
     */
    public boolean take(ClusterChange change) {
        ObjectKey key = LiveObjects.keyOf(change.object());
        WatchedKind kind = kindOf(key);
        if (kind == null || !kind.keepsTree()) {
            return false;
        }
        return switch (change) {
            case ClusterChange.Put(ObjectNode object) -> keep(key, object);
            case ClusterChange.Removed _ -> objects.remove(key) != null;
        };
    }

    /** Keeps an object unless the one that is there is at least as new; returns whether it did. */
    private synchronized boolean keep(ObjectKey key, ObjectNode object) {
        ObjectNode before = objects.get(key);
        boolean newer = before == null || !isSameObject(before, object) || isNewer(before, object);
        if (newer) {
            objects.put(key, object);
        }
        return newer;
    }

    private static boolean isNewer(ObjectNode before, ObjectNode after) {
        return version(after) < 0 || version(after) > version(before);
    }

    private static boolean isSameObject(ObjectNode before, ObjectNode after) {
        return Trees.uid(before).equals(Trees.uid(after));
    }

    private static long version(ObjectNode object) {
        try {
            return Long.parseLong(Trees.text(object, "metadata", "resourceVersion"));
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    private static @Nullable WatchedKind kindOf(ObjectKey key) {
        for (WatchedKind kind : WatchedKind.ALL) {
            if (kind.isOf(key)) {
                return kind;
            }
        }
        return null;
    }

    @Override
    public Optional<ObjectNode> find(ObjectKey key) {
        return Optional.ofNullable(objects.get(key));
    }

    @Override
    public Optional<ObjectNode> write(ObjectNode object, ObjectNode status) {
        ObjectKey key = LiveObjects.keyOf(object);
        WatchedKind kind = kindOf(key);
        if (kind == null || !leads.getAsBoolean()) {
            return Optional.empty();
        }
        ObjectNode body = Trees.shallowCopy(object);
        body.set("status", status);
        try {
            String reply = client.raw(path(kind, object) + "/status", "PUT", body);
            if (reply == null) {
                return Optional.empty();
            }
            ObjectNode stored = parse(reply);
            keep(key, stored);
            return Optional.of(stored);
        } catch (KubernetesClientException e) {
            if (e.getCode() == NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private static String path(WatchedKind kind, ObjectNode object) {
        String apiVersion = Trees.text(object, "apiVersion");
        String root = kind.group().isEmpty() ? "/api/" : "/apis/";
        String scope = kind.namespaced() ? "/namespaces/" + Trees.namespace(object) : "";
        return root + apiVersion + scope + "/" + kind.plural() + "/" + Trees.name(object);
    }

    private static ObjectNode parse(String json) {
        return (ObjectNode) Trees.parse(json.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void record(ObjectNode event) {
        String path = "/api/v1/namespaces/" + Trees.namespace(event) + "/events";
        try {
            create(path, event);
        } catch (KubernetesClientException e) {
            LOG.atDebug().addKeyValue("event", Trees.name(event)).setCause(e).log("event lost");
        }
    }

    private void create(String path, ObjectNode event) {
        try {
            client.raw(path, "POST", event);
        } catch (KubernetesClientException e) {
            if (e.getCode() != CONFLICT) {
                throw e;
            }
            String own = path + "/" + Trees.name(event);
            String present = client.raw(own);
            if (present != null) {
                client.raw(own, "PUT", EventTree.again(parse(present), event));
            }
        }
    }
}
