package io.weir.app.up;

import io.weir.app.CommandFailure;
import io.weir.app.api.ApiFiles;
import io.weir.app.api.LocalApi;
import io.weir.app.simulated.SimulatedPods;
import io.weir.app.up.ObjectChange.Kind;
import io.weir.config.CompileOptions;
import io.weir.kubernetes.embedded.client.ApiClient;
import io.weir.kubernetes.embedded.client.Change;
import io.weir.kubernetes.embedded.client.ChangeListener;
import io.weir.kubernetes.embedded.object.Trees;
import io.weir.kubernetes.objects.LiveObjects;
import io.weir.kubernetes.status.ApiClientSink;
import io.weir.kubernetes.status.StatusLoop;
import io.weir.kubernetes.status.StatusWriter;
import io.weir.resource.ConfigMap;
import io.weir.resource.GatewayClass;
import io.weir.resource.ObjectKey;
import io.weir.resource.ObjectSet;
import io.weir.resource.Pod;
import io.weir.resource.Problem;
import io.weir.resource.manifest.LoadResult;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;

/**
 * What the API brings to the configuration, and what it is told of it. It starts beside the rest.
 *
 * <p>Called under the program's lock, but for the listener of changes, which takes it.
 */
final class ApiSide implements AutoCloseable {

    /** What comes and goes by itself is not reported line by line. */
    private static final Set<String> QUIET = Set.of("Pod", "EndpointSlice");

    private final UpOptions options;
    private final SimulatedPods pods;
    private final RunningStatus runningStatus;
    private final boolean podsHaveAddresses;
    private final CompletableFuture<LocalApi> starting = new CompletableFuture<>();
    private final LiveObjects live = new LiveObjects("kubectl", Clock.systemUTC());
    private final Set<ObjectKey> touched = new HashSet<>();
    private final Set<String> controllers = ConcurrentHashMap.newKeySet();
    private @Nullable Running running;
    private boolean complete;
    private List<ConfigMap> synced = List.of();

    ApiSide(
            UpOptions options,
            SimulatedPods pods,
            RunningStatus runningStatus,
            boolean podsHaveAddresses) {
        this.options = options;
        this.pods = pods;
        this.runningStatus = runningStatus;
        this.podsHaveAddresses = podsHaveAddresses;
        controllers.add(CompileOptions.CONTROLLER_NAME);
    }

    /** Begins to start; {@link #join} waits for it. */
    void start() {
        Thread.ofPlatform().daemon().name("api-start").start(this::open);
    }

    private void open() {
        try {
            LocalApi api = LocalApi.start(options.api(), pods, Clock.systemUTC());
            if (!starting.complete(api)) {
                api.close();
            }
        } catch (CommandFailure | RuntimeException e) {
            starting.completeExceptionally(e);
        }
    }

    /**
     * Waits for the API, shows the objects of files in it and begins to hear of changes.
     *
     * @return what the API refuses
     */
    List<Problem> join(LoadResult files, ChangeListener listener) throws CommandFailure {
        LocalApi api = started();
        ApiClient client = api.client();
        ApiFiles shown = new ApiFiles(client);
        shown.forgetOthers(files);
        List<Problem> problems = shown.show(files);
        StatusLoop statuses =
                new StatusLoop(
                        new StatusWriter(
                                new ApiClientSink(client),
                                controllers::contains,
                                new BoundAddresses(options.address(), "127.0.0.1"),
                                Clock.systemUTC()),
                        runningStatus);
        statuses.start();
        running = new Running(api, shown, statuses);
        PodReset.forget(client);
        api.work(pods);
        api.subscribe(listener);
        return problems;
    }

    private LocalApi started() throws CommandFailure {
        try {
            return starting.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof CommandFailure failure) {
                throw failure;
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailure("interrupted");
        }
    }

    /** Shows what the files say now; returns what the API refuses. */
    List<Problem> show(LoadResult files) {
        Running now = running;
        return now == null ? List.of() : now.shown().show(files);
    }

    /** Returns the objects of files and of the API together. */
    LoadResult with(LoadResult files) {
        ObjectSet others = live.objects();
        if (others.size() == 0 && live.problems().isEmpty()) {
            return files;
        }
        List<Problem> problems = new ArrayList<>(files.problems());
        problems.addAll(live.problems());
        return new LoadResult(
                others.with(files.objects().all()), problems, files.skipped(), files.manifests());
    }

    /** Takes changes; returns those that concern the configuration. */
    List<ObjectChange> take(List<Change> changes) {
        complete = true;
        List<ObjectChange> taken = new ArrayList<>();
        for (Change change : changes) {
            ObjectKey key = LiveObjects.keyOf(change.object());
            touched.add(key);
            boolean known = live.find(key).isPresent();
            if (take(change)) {
                boolean there = live.find(key).isPresent();
                Kind kind = !there ? Kind.REMOVED : known ? Kind.CHANGED : Kind.ADDED;
                taken.add(new ObjectChange(kind, key, "kubectl"));
            }
        }
        return taken;
    }

    private boolean take(Change change) {
        boolean ours =
                change.type() != Change.Type.DELETED
                        && change.file().isEmpty()
                        && !isStandIn(change);
        return ours ? live.put(change.object()) : live.remove(change.object());
    }

    /** Where Pods have no addresses of their own, Deployments are served without them. */
    private boolean isStandIn(Change change) {
        return !podsHaveAddresses
                && change.kind().resource().equals("pods")
                && !Trees.arrayAt(change.object(), "metadata", "ownerReferences").isEmpty();
    }

    /** Returns the changes that people should hear of. */
    static List<ObjectChange> worthTelling(List<ObjectChange> changes) {
        return changes.stream().filter(change -> !QUIET.contains(change.object().kind())).toList();
    }

    /** Returns whether everything that the API has is known, and so many Pods are ready. */
    boolean isComplete(int replicas) {
        return complete
                && (!podsHaveAddresses
                        || live.objects().all(Pod.class).stream().filter(Pod::ready).count()
                                >= replicas);
    }

    /** Writes back what came of the objects. */
    void report(Configuration configuration) {
        ObjectSet objects = configuration.manifests().objects();
        objects.all(GatewayClass.class).forEach(found -> controllers.add(found.controllerName()));
        List<ConfigMap> maps = List.copyOf(objects.all(ConfigMap.class));
        if (!maps.equals(synced)) {
            synced = maps;
            pods.syncAdapters();
        }
        Running now = running;
        if (now != null) {
            var statuses = configuration.compilation().statusByObject();
            now.statuses().submit(statuses, objects, Set.copyOf(touched));
            touched.clear();
        }
    }

    /** Returns the file that kubectl needs; empty before the API has started. */
    Optional<Path> kubeconfig() {
        return Optional.ofNullable(running).map(now -> now.api().kubeconfig());
    }

    /** Returns what people need to use the API. */
    List<String> lines() {
        Running now = running;
        return now == null
                ? List.of()
                : List.of(
                        "API: " + now.api().url(), "  export KUBECONFIG=" + now.api().kubeconfig());
    }

    @Override
    public void close() {
        Running now = running;
        if (now != null) {
            now.statuses().close();
        }
        starting.completeExceptionally(new CancellationException());
        if (starting.isDone() && !starting.isCompletedExceptionally()) {
            starting.resultNow().close();
        }
    }

    private record Running(LocalApi api, ApiFiles shown, StatusLoop statuses) {}
}
