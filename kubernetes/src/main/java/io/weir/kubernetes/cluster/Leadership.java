package io.weir.kubernetes.cluster;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElectionConfig;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaseLock;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * Takes part in the election of the replica that writes statuses, again after every loss.
 *
 * <pre>
 * follows ── lease free or expired ──→ leads ── lease not renewed in time, or closed ──→ follows
 * </pre>
 */
public final class Leadership implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Leadership.class);

    private static final Duration RELEASE = Duration.ofSeconds(2);

    private final KubernetesClient client;
    private final LeaderElectionConfig config;
    private final Duration retry;
    private final Runnable won;
    private final Thread thread;
    private volatile boolean leads;
    private volatile boolean closed;
    private volatile @Nullable CompletableFuture<?> candidacy;

    /**
     * Makes a candidate; it begins with {@link #start}.
     *
     * @param namespace where the Lease is
     * @param name name of the Lease
     * @param identity name of this replica
     * @param lease how long a leader that died keeps the others waiting
     * @param won called when this replica begins to lead, on any thread
     */
    public Leadership(
            KubernetesClient client,
            String namespace,
            String name,
            String identity,
            Duration lease,
            Runnable won) {
        this.client = client;
        this.won = won;
        this.retry = lease.dividedBy(7);
        this.config =
                new LeaderElectionConfig(
                        new LeaseLock(namespace, name, identity),
                        lease,
                        lease.multipliedBy(2).dividedBy(3),
                        retry,
                        new LeaderCallbacks(this::begin, this::end, _ -> {}),
                        true,
                        name);
        this.thread = Thread.ofVirtual().name("leader-election").unstarted(this::run);
    }

    /** Begins. */
    public void start() {
        thread.start();
    }

    /** Returns whether this replica leads. */
    public boolean leads() {
        return leads;
    }

    private void begin() {
        leads = true;
        LOG.atInfo().log("this replica writes statuses");
        won.run();
    }

    private void end() {
        leads = false;
        LOG.atInfo().log("this replica no longer writes statuses");
    }

    private void run() {
        try {
            while (!closed) {
                stand();
                leads = false;
                Thread.sleep(retry);
            }
        } catch (InterruptedException e) {
            LOG.atDebug().log("election ends");
        }
    }

    private void stand() throws InterruptedException {
        try {
            CompletableFuture<?> started =
                    client.leaderElector().withConfig(config).build().start();
            candidacy = started;
            if (closed) {
                started.cancel(true);
            }
            started.get();
        } catch (ExecutionException | CancellationException e) {
            LOG.atDebug().setCause(e).log("candidacy ended");
        }
    }

    /**
     * Gives up the lease, so that another replica need not wait for its end. Does not wait for an
     * API that is away.
     */
    @Override
    public void close() {
        closed = true;
        CompletableFuture<?> started = candidacy;
        if (started != null) {
            release(started);
        }
        leads = false;
        thread.interrupt();
    }

    private static void release(CompletableFuture<?> started) {
        Thread release = Thread.ofVirtual().start(() -> started.cancel(true));
        try {
            if (!release.join(RELEASE)) {
                LOG.atWarn().log("the lease could not be given up, it will expire");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
