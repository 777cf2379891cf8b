package io.weir.app.extproc;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.weir.app.CommandFailure;
import io.weir.kubernetes.cluster.ClusterChange;
import io.weir.kubernetes.cluster.ClusterClients;
import io.weir.kubernetes.cluster.ClusterFeed;
import io.weir.kubernetes.cluster.FeedKinds;
import io.weir.kubernetes.objects.LiveObjects;
import io.weir.resource.manifest.LoadResult;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** Objects of a cluster, kept up to date. The listener is called on the feed's thread. */
public final class ClusterObjects implements AutoCloseable {

    private final KubernetesClient client;
    private final ClusterFeed feed;
    private final LiveObjects live = new LiveObjects("cluster", InstantSource.system());
    private final Consumer<LoadResult> listener;
    private boolean told;

    private ClusterObjects(
            KubernetesClient client,
            FeedKinds kinds,
            Set<String> namespaces,
            Consumer<LoadResult> listener) {
        this.client = client;
        this.listener = listener;
        this.feed = new ClusterFeed(client, kinds, namespaces, this::changed);
    }

    /**
     * Begins to watch.
     *
     * @param kubeconfig how to reach the API; null for the usual places
     * @param kinds which objects
     * @param namespaces where they are; empty for everywhere
     * @param listener told of all objects, first when everything that is needed has been listed
     */
    public static ClusterObjects watch(
            @Nullable Path kubeconfig,
            FeedKinds kinds,
            Set<String> namespaces,
            Consumer<LoadResult> listener)
            throws CommandFailure {
        try {
            KubernetesClient client = ClusterClients.open(kubeconfig);
            ClusterObjects objects = new ClusterObjects(client, kinds, namespaces, listener);
            objects.feed.start();
            return objects;
        } catch (IOException e) {
            throw new CommandFailure("kubeconfig: " + e.getMessage() + ": can't be read");
        }
    }

    private void changed(List<ClusterChange> changes, boolean isComplete) {
        boolean different = false;
        for (ClusterChange change : changes) {
            different |=
                    switch (change) {
                        case ClusterChange.Put put -> live.put(put.object());
                        case ClusterChange.Removed removed -> live.remove(removed.object());
                    };
        }
        if (isComplete && (different || !told)) {
            told = true;
            listener.accept(new LoadResult(live.objects(), live.problems(), List.of(), Map.of()));
        }
    }

    /** Returns what has not been listed yet. */
    public Set<String> missing() {
        return feed.missing();
    }

    /** Returns the client, which is closed with this. */
    public KubernetesClient client() {
        return client;
    }

    @Override
    public void close() {
        feed.close();
        client.close();
    }
}
