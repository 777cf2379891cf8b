package io.weir.kubernetes.cluster;

import com.fasterxml.jackson.databind.node.ObjectNode;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Informable;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.List;
import java.util.function.Consumer;

/**
 * Lists and watches one kind in one namespace, or in all. The informer's threads only hand over.
 */
final class KindWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(KindWatch.class);

    private final WatchedKind kind;
    private final String version;
    private final KubernetesSerialization serialization;
    private final Consumer<ClusterChange> changes;
    private final Runnable listener;
    private final SharedIndexInformer<GenericKubernetesResource> informer;
    private volatile boolean listed;
    private volatile boolean complained;

    /**
     * Makes a watch; it begins with {@link #start}.
     *
     * @param namespace empty for all
     * @param changes takes changes, on any thread
     * @param listener told when a list has been taken
     */
    KindWatch(
            KubernetesClient client,
            WatchedKind kind,
            String version,
            String namespace,
            Consumer<ClusterChange> changes,
            Runnable listener) {
        this.kind = kind;
        this.version = version;
        this.serialization = client.getKubernetesSerialization();
        this.changes = changes;
        this.listener = listener;
        this.informer = informable(client, namespace).runnableInformer(0);
        informer.removeNamespaceIndex();
        informer.addEventHandler(new Handler());
        informer.exceptionHandler((_, failure) -> retry(failure));
    }

    private Informable<GenericKubernetesResource> informable(
            KubernetesClient client, String namespace) {
        var resources = client.genericKubernetesResources(kind.context(version));
        if (!kind.namespaced()) {
            return resources;
        }
        return namespace.isEmpty() ? resources.inAnyNamespace() : resources.inNamespace(namespace);
    }

    void start() {
        informer.start();
    }

    String version() {
        return version;
    }

    /** Returns whether a list has been taken. */
    boolean isListed() {
        return listed;
    }

    /** Returns the objects that are known. */
    List<ObjectNode> objects() {
        return informer.getStore().list().stream().map(this::tree).toList();
    }

    private boolean retry(Throwable failure) {
        if (!complained) {
            complained = true;
            LOG.atWarn()
                    .addKeyValue("kind", kind)
                    .addKeyValue("reason", failure.getMessage())
                    .log("can't be watched now, tried again until it can");
        }
        return true;
    }

    private ObjectNode tree(GenericKubernetesResource resource) {
        ObjectNode tree = serialization.convertValue(resource, ObjectNode.class);
        // Items of lists do not say what they are.
        tree.put("apiVersion", kind.apiVersion(version)).put("kind", kind.kind());
        return tree;
    }

    @Override
    public void close() {
        informer.stop();
    }

    private final class Handler implements ResourceEventHandler<GenericKubernetesResource> {

        @Override
        public void onAdd(GenericKubernetesResource resource) {
            changes.accept(new ClusterChange.Put(tree(resource)));
        }

        @Override
        public void onUpdate(GenericKubernetesResource before, GenericKubernetesResource after) {
            changes.accept(new ClusterChange.Put(tree(after)));
        }

        @Override
        public void onDelete(GenericKubernetesResource resource, boolean stateUnknown) {
            changes.accept(new ClusterChange.Removed(tree(resource)));
        }

        @Override
        public void onList(String resourceVersion, boolean remainedEmpty) {
            listed = true;
            complained = false;
            listener.run();
        }
    }
}
