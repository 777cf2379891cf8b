package io.weir.kubernetes.cluster;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Tells a listener of every change of every kind that configures the gateway. Everything but the
 * handing over runs on a virtual thread of its own.
 */
public final class ClusterFeed implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ClusterFeed.class);
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(30);
    private static final Duration RETRY = Duration.ofSeconds(1);

    private final KubernetesClient client;
    private final FeedKinds kinds;
    private final List<String> namespaces;
    private final ClusterListener listener;
    private final ServedKinds discovery;
    private final BlockingQueue<Signal> queue = new LinkedBlockingQueue<>();
    private final Map<WatchedKind, List<KindWatch>> watches = new HashMap<>();
    private final Thread thread;
    private @Nullable KindWatch definitions;
    private long nextLookNanos;
    private boolean looked;
    private volatile Set<String> missing = Set.of("the kinds that the API serves");

    /**
     * Makes a feed; it begins with {@link #start}.
     *
     * @param client stays open
     * @param namespaces namespaces whose objects are read; empty for all
     * @param listener hears of changes
     */
    public ClusterFeed(KubernetesClient client, Set<String> namespaces, ClusterListener listener) {
        this(client, FeedKinds.ALL, namespaces, listener);
    }

    /**
     * Makes a feed of some kinds only; it begins with {@link #start}.
     *
     * @param client stays open
     * @param kinds what is read
     * @param namespaces namespaces whose objects are read; empty for all
     * @param listener hears of changes
     */
    public ClusterFeed(
            KubernetesClient client,
            FeedKinds kinds,
            Set<String> namespaces,
            ClusterListener listener) {
        this.client = client;
        this.kinds = kinds;
        this.namespaces =
                namespaces.isEmpty() ? List.of("") : List.copyOf(new TreeSet<>(namespaces));
        this.listener = listener;
        this.discovery = new ServedKinds(client);
        this.thread = Thread.ofVirtual().name("cluster-feed").unstarted(this::run);
    }

    /** Begins. */
    public void start() {
        nextLookNanos = System.nanoTime();
        thread.start();
    }

    /** Returns what has not been listed yet; empty once everything that is served has been. */
    public Set<String> missing() {
        return missing;
    }

    private void run() {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                Signal first = queue.poll(untilLookNanos(), TimeUnit.NANOSECONDS);
                List<Signal> batch = new ArrayList<>();
                if (first != null) {
                    batch.add(first);
                    queue.drainTo(batch);
                }
                handle(batch);
            }
        } catch (InterruptedException e) {
            LOG.atDebug().log("feed ends");
        } finally {
            stop();
        }
    }

    private long untilLookNanos() {
        return Math.max(0, nextLookNanos - System.nanoTime());
    }

    private void handle(List<Signal> batch) {
        List<ClusterChange> changes = new ArrayList<>();
        boolean look = System.nanoTime() - nextLookNanos >= 0;
        for (Signal signal : batch) {
            switch (signal) {
                case Signal.Changed(ClusterChange change) -> changes.add(change);
                case Signal.Look _ -> look = true;
                case Signal.Listed _ -> {}
            }
        }
        if (look) {
            look(changes);
        }
        missing = pending();
        if (!batch.isEmpty() || !changes.isEmpty()) {
            tell(changes);
        }
    }

    private void tell(List<ClusterChange> changes) {
        try {
            listener.changed(changes, missing.isEmpty());
        } catch (RuntimeException e) {
            LOG.atError().setCause(e).log("changes not taken");
        }
    }

    /** Begins to watch what is served now, and ends it for what is not any more. */
    private void look(List<ClusterChange> changes) {
        try {
            Map<WatchedKind, String> served = discovery.look(kinds.kinds());
            for (WatchedKind kind : kinds.kinds()) {
                follow(kind, served.get(kind), changes);
            }
            if (kinds.watchesDefinitions()) {
                watchDefinitions();
            }
            looked = true;
            nextLookNanos = System.nanoTime() + LOOK_AGAIN.toNanos();
        } catch (KubernetesClientException e) {
            LOG.atWarn()
                    .addKeyValue("server", client.getMasterUrl())
                    .addKeyValue("reason", e.getMessage())
                    .log("the API can't be asked, tried again until it can");
            nextLookNanos = System.nanoTime() + RETRY.toNanos();
        }
    }

    private void follow(WatchedKind kind, @Nullable String version, List<ClusterChange> changes) {
        List<KindWatch> present = watches.getOrDefault(kind, List.of());
        if (!present.isEmpty() && present.getFirst().version().equals(version)) {
            return;
        }
        for (KindWatch watch : present) {
            watch.close();
            watch.objects().forEach(object -> changes.add(new ClusterChange.Removed(object)));
        }
        watches.remove(kind);
        if (version != null) {
            begin(kind, version);
            LOG.atInfo().addKeyValue("kind", kind).addKeyValue("version", version).log("watched");
        } else if (!present.isEmpty()) {
            LOG.atInfo().addKeyValue("kind", kind).log("no longer served");
        }
    }

    private void begin(WatchedKind kind, String version) {
        List<KindWatch> begun = new ArrayList<>();
        for (String namespace : kind.namespaced() ? namespaces : List.of("")) {
            begun.add(
                    new KindWatch(
                            client,
                            kind,
                            version,
                            namespace,
                            change -> queue.add(new Signal.Changed(change)),
                            () -> queue.add(new Signal.Listed())));
        }
        watches.put(kind, begun);
        begun.forEach(KindWatch::start);
    }

    private void watchDefinitions() {
        if (definitions == null) {
            definitions =
                    new KindWatch(
                            client,
                            WatchedKind.DEFINITION,
                            "v1",
                            "",
                            _ -> queue.add(new Signal.Look()),
                            () -> {});
            definitions.start();
        }
    }

    private Set<String> pending() {
        if (!looked) {
            return missing;
        }
        Set<String> pending = new TreeSet<>();
        watches.forEach((kind, begun) -> {
            if (kinds.isAwaited(kind) && !begun.stream().allMatch(KindWatch::isListed)) {
                pending.add(kind.toString());
            }
        });
        return pending;
    }

    private void stop() {
        watches.values().forEach(begun -> begun.forEach(KindWatch::close));
        KindWatch last = definitions;
        if (last != null) {
            last.close();
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }

    private sealed interface Signal {

        record Changed(ClusterChange change) implements Signal {}

        /** A list has been taken. */
        record Listed() implements Signal {}

        /** Other kinds may be served now. */
        record Look() implements Signal {}
    }
}
