package io.weir.app.api;

import io.weir.app.CommandFailure;
import io.weir.kubernetes.embedded.EmbeddedApi;
import io.weir.kubernetes.embedded.EmbeddedApiOptions;
import io.weir.kubernetes.embedded.client.ApiClient;
import io.weir.kubernetes.embedded.client.ChangeFeed.Subscription;
import io.weir.kubernetes.embedded.client.ChangeListener;
import io.weir.kubernetes.embedded.http.PodLogs;
import io.weir.kubernetes.embedded.store.StorageException;
import io.weir.kubernetes.embedded.workload.PodRunner;
import io.weir.kubernetes.embedded.workload.Workloads;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The API server of this program, with its kubeconfig and its workloads. */
public final class LocalApi implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LocalApi.class);
    private static final String MANAGER = "weir";

    private final EmbeddedApi server;
    private final KubeconfigFile kubeconfig;
    private final Optional<Path> temporary;
    private final InstantSource clock;
    private final List<Subscription> subscriptions = new ArrayList<>();
    private Optional<Workloads> workloads = Optional.empty();

    private LocalApi(
            EmbeddedApi server,
            KubeconfigFile kubeconfig,
            Optional<Path> temporary,
            InstantSource clock) {
        this.server = server;
        this.kubeconfig = kubeconfig;
        this.temporary = temporary;
        this.clock = clock;
        subscriptions.add(server.subscribe("weir-kubeconfig", kubeconfig));
    }

    /**
     * Starts the server and writes its kubeconfig.
     *
     * @param logs where the logs of Pods come from
     * @throws CommandFailure when the port is taken or the data directory can't be used
     */
    public static LocalApi start(ApiOptions options, PodLogs logs, InstantSource clock)
            throws CommandFailure {
        EmbeddedApi server = serve(options, logs, clock);
        try {
            Optional<Path> temporary =
                    options.dataDirectory().isPresent()
                            ? Optional.empty()
                            : Optional.of(Files.createTempDirectory("weir-"));
            Path folder = options.dataDirectory().or(() -> temporary).orElseThrow();
            KubeconfigFile kubeconfig =
                    KubeconfigFile.write(server, folder.toAbsolutePath().resolve("kubeconfig"));
            return new LocalApi(server, kubeconfig, temporary, clock);
        } catch (IOException e) {
            server.close();
            throw new CommandFailure("can't write the kubeconfig: " + e.getMessage());
        }
    }

    private static EmbeddedApi serve(ApiOptions options, PodLogs logs, InstantSource clock)
            throws CommandFailure {
        try {
            return EmbeddedApi.start(
                    new EmbeddedApiOptions(
                            new InetSocketAddress(
                                    InetAddress.getByName(options.address()), options.port()),
                            options.dataDirectory(),
                            List.of(),
                            logs,
                            clock,
                            new SecureRandom()));
        } catch (StorageException e) {
            throw new CommandFailure(
                    "can't keep the state of the API: "
                            + e.getMessage()
                            + "; choose another folder with --data-dir, or none with --ephemeral");
        } catch (IOException e) {
            throw new CommandFailure(
                    "can't listen on "
                            + options.address()
                            + ":"
                            + options.port()
                            + " for the API: "
                            + e.getMessage()
                            + "; choose another port with --api-port");
        }
    }

    /** Returns a client for parts of this program. */
    public ApiClient client() {
        return server.client(MANAGER);
    }

    /** Returns where the API is. */
    public URI url() {
        return server.url();
    }

    /** Returns the file that kubectl needs. */
    public Path kubeconfig() {
        return kubeconfig.path();
    }

    /** Begins to keep Deployments, ReplicaSets, Pods and Services as they should be. */
    public void work(PodRunner pods) {
        ApiClient client = server.client("weir-workloads");
        Workloads started = new Workloads(client, new MarkedPods(pods, client, clock), clock);
        workloads = Optional.of(started);
        subscriptions.add(server.subscribe("weir-workloads", started));
    }

    /** Begins to tell of changes; the first call brings everything that there is. */
    public void subscribe(ChangeListener listener) {
        subscriptions.add(server.subscribe("weir-objects", listener));
    }

    @Override
    public void close() {
        subscriptions.forEach(Subscription::close);
        workloads.ifPresent(Workloads::close);
        server.close();
        temporary.ifPresent(folder -> remove(List.of(kubeconfig.path(), folder)));
    }

    private static void remove(List<Path> files) {
        for (Path file : files) {
            try {
                Files.deleteIfExists(file);
            } catch (IOException e) {
                LOG.atDebug().addKeyValue("file", file).setCause(e).log("not removed");
            }
        }
    }
}
