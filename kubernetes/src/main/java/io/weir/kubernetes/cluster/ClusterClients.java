package io.weir.kubernetes.cluster;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Executors;

/** Makes clients of an API. */
public final class ClusterClients {

    private static final int FIRST_PAUSE_MILLIS = 200;

    private ClusterClients() {}

    /**
     * Returns a client; to be closed.
     *
     * @param kubeconfig how to reach the API; null for the usual places: the Pod's service account,
     *     {@code KUBECONFIG}, the user's own file
     * @throws IOException when the file can't be read
     */
    public static KubernetesClient open(@Nullable Path kubeconfig) throws IOException {
        Config config =
                kubeconfig == null
                        ? plainWatches(Config.autoConfigure(null))
                        : config(Files.readString(kubeconfig));
        return new KubernetesClientBuilder()
                .withConfig(config)
                .withTaskExecutor(Executors.newVirtualThreadPerTaskExecutor())
                .build();
    }

    /** Returns what the text of a kubeconfig file says. */
    static Config config(String kubeconfig) {
        return plainWatches(Config.fromKubeconfig(kubeconfig));
    }

    /**
     * Watches as kubectl does: as one long answer, not over a WebSocket; begun again within some
     * seconds of the server's return, for the pauses between attempts grow to 32 times the first.
     */
    private static Config plainWatches(Config config) {
        config.setOnlyHttpWatches(true);
        config.setWatchReconnectInterval(FIRST_PAUSE_MILLIS);
        return config;
    }
}
