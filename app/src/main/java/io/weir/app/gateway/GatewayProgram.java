package io.weir.app.gateway;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.weir.app.CommandFailure;
import io.weir.app.admin.AdminServer;
import io.weir.app.tracing.TraceRole;
import io.weir.app.tracing.Tracing;
import io.weir.app.up.AccessLog;
import io.weir.app.up.Admin;
import io.weir.app.up.BindAdvice;
import io.weir.app.up.Configuration;
import io.weir.app.up.FirstLook;
import io.weir.app.up.Installer;
import io.weir.app.up.KnownModels;
import io.weir.app.up.RunningStatus;
import io.weir.app.up.Telemetry;
import io.weir.config.Snapshot;
import io.weir.extproc.client.ExtProcPickers;
import io.weir.kubernetes.cluster.ClusterChange;
import io.weir.kubernetes.cluster.ClusterClients;
import io.weir.kubernetes.cluster.ClusterFeed;
import io.weir.kubernetes.cluster.ClusterSink;
import io.weir.kubernetes.cluster.Leadership;
import io.weir.kubernetes.cluster.ServiceAddresses;
import io.weir.kubernetes.status.GatewayAddresses;
import io.weir.kubernetes.status.StatusLoop;
import io.weir.kubernetes.status.StatusWriter;
import io.weir.picker.pool.PickerRegistry;
import io.weir.picker.scrape.Scraper;
import io.weir.proxy.BindFailure;
import io.weir.proxy.DataPlane;
import io.weir.proxy.ProxySettings;
import io.weir.resource.ObjectKey;
import io.weir.resource.Problem;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A running {@code weir gateway}. */
public final class GatewayProgram implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(GatewayProgram.class);
    private static final Duration FIRST_LOOK = Duration.ofMillis(500);

    private final GatewayOptions options;
    private final KubernetesClient client;
    private final ClusterFeed feed;
    private final ClusterSink sink;
    private final Controller controller;
    private final StatusLoop statuses;
    private final @Nullable Leadership leadership;
    private final Telemetry telemetry = new Telemetry();
    private final AccessLog accessLog;
    private final Tracing tracing;
    private final Scraper scraper = Scraper.create();
    private final PickerRegistry pickers = PickerRegistry.create(scraper);
    private final ExtProcPickers externalPickers = ExtProcPickers.create();
    private final DataPlane dataPlane;
    private final Installer installer;
    private @Nullable AdminServer admin;
    private volatile Configuration configuration = Configuration.EMPTY;
    private volatile boolean complete;
    private volatile boolean serving;
    private volatile boolean drained;

    private GatewayProgram(GatewayOptions options) throws CommandFailure {
        this.options = options;
        this.client = client(options);
        this.sink = new ClusterSink(client, this::leads);
        this.controller = controller(options, sink);
        this.feed = new ClusterFeed(client, options.namespaces(), this::changed);
        this.leadership = leadership();
        this.statuses =
                new StatusLoop(
                        new StatusWriter(
                                sink,
                                options.controllerName()::equals,
                                addresses(),
                                Clock.systemUTC()),
                        new RunningStatus(pickers, this::snapshot, this::unbound));
        this.accessLog = AccessLog.open(options.accessLog(), System.out);
        this.tracing = Tracing.open(options.traces(), TraceRole.GATEWAY, telemetry.registry());
        this.dataPlane =
                new DataPlane(
                        ProxySettings.DEFAULT,
                        pickers,
                        externalPickers,
                        tracing.around(accessLog.followedBy(telemetry.exchanges())));
        this.installer = new Installer(pickers, dataPlane);
        telemetry.measureFlows(pickers);
    }

    /**
     * Starts; it serves once everything has been listed.
     *
     * @throws CommandFailure when the admin port is taken or an option makes no sense
     */
    public static GatewayProgram start(GatewayOptions options) throws CommandFailure {
        GatewayProgram program = new GatewayProgram(options);
        try {
            program.begin();
            return program;
        } catch (CommandFailure | RuntimeException e) {
            program.close();
            throw e;
        }
    }

    private static Controller controller(GatewayOptions options, ClusterSink sink)
            throws CommandFailure {
        try {
            return new Controller(options, sink);
        } catch (IllegalArgumentException e) {
            throw new CommandFailure("--gateway-address-pool: " + e.getMessage());
        }
    }

    private static KubernetesClient client(GatewayOptions options) throws CommandFailure {
        try {
            return ClusterClients.open(options.kubeconfig());
        } catch (IOException e) {
            throw new CommandFailure("kubeconfig: " + e.getMessage() + ": can't be read");
        }
    }

    private @Nullable Leadership leadership() {
        GatewayOptions.Election election = options.election();
        if (election == null) {
            return null;
        }
        String[] lease = election.lease().split("/", 2);
        return new Leadership(
                client,
                lease[0],
                lease[1],
                election.identity(),
                election.duration(),
                this::reportAll);
    }

    private GatewayAddresses addresses() {
        String service = options.service();
        if (options.addressPool() != null) {
            return GatewayAddresses.AS_BOUND;
        }
        if (service == null) {
            return Controller.bound(options);
        }
        String[] name = service.split("/", 2);
        return new ServiceAddresses(
                new ObjectKey("", "Service", name[0], name[1]), options.nodeAddress(), sink);
    }

    private void begin() throws CommandFailure {
        Admin pages = new Admin(telemetry, dataPlane, pickers, () -> configuration, () -> serving);
        try {
            admin = new AdminServer(options.admin(), pages.pages());
        } catch (IOException e) {
            throw new CommandFailure(
                    "can't listen on "
                            + options.admin()
                            + " for the admin endpoints: "
                            + e.getMessage()
                            + "; choose another port with --admin-port");
        }
        statuses.start();
        feed.start();
        Leadership election = leadership;
        if (election != null) {
            election.start();
        }
    }

    private Snapshot snapshot() {
        return configuration.compilation().snapshot();
    }

    private List<BindFailure> unbound() {
        return installer.unbound();
    }

    /** Called on the feed's thread. */
    private void changed(List<ClusterChange> changes, boolean isComplete) {
        Controller.Taken taken = controller.take(changes);
        // A kind that appears later, and may not even be listed, holds nothing up.
        if (drained || (!isComplete && !complete)) {
            return;
        }
        if (taken.configured() || !complete) {
            install();
        }
        if (taken.configured() || !taken.touched().isEmpty() || !complete) {
            boolean first = !complete;
            complete = true;
            report(taken.touched());
            if (first) {
                ready();
            }
        }
    }

    private void install() {
        Configuration before = configuration;
        Configuration compiled = controller.compile(before);
        List<Problem> problems = new ArrayList<>();
        List<BindFailure> unbound = installer.install(compiled, problems::add);
        for (BindFailure failure : unbound) {
            LOG.atError().log(BindAdvice.of(failure, compiled.compilation().snapshot()));
        }
        Configuration installed = compiled.with(problems);
        tell(before, installed);
        configuration = installed;
        telemetry.models().know(KnownModels.of(installed, Set.of()));
    }

    /** Logs the problems that were not there before. */
    private static void tell(Configuration before, Configuration after) {
        Set<Problem> fresh = new HashSet<>(after.problems());
        fresh.removeAll(before.problems());
        fresh.forEach(problem ->
                LOG.atWarn().addKeyValue("object", problem.object()).log(problem.toString()));
    }

    private void ready() {
        new FirstLook(pickers, FIRST_LOOK)
                .await(configuration.compilation().snapshot().pools().keySet());
        serving = true;
        LOG.atInfo()
                .addKeyValue("objects", configuration.manifests().objects().size())
                .addKeyValue("addresses", dataPlane.serving())
                .log("serving");
    }

    private void report(Set<ObjectKey> touched) {
        if (complete && leads()) {
            Configuration now = configuration;
            statuses.submit(now.compilation().statusByObject(), now.manifests().objects(), touched);
        }
    }

    /** While another replica led, it wrote what this one has not followed. */
    private void reportAll() {
        if (complete && leads()) {
            Configuration now = configuration;
            statuses.submitAll(now.compilation().statusByObject(), now.manifests().objects());
        }
    }

    /** Returns whether this replica writes statuses. */
    public boolean leads() {
        Leadership election = leadership;
        return options.election() == null || (election != null && election.leads());
    }

    /** Returns whether everything has been listed and is served. */
    public boolean isServing() {
        return serving;
    }

    /** Returns what is still missing before requests are served. */
    public Set<String> missing() {
        return feed.missing();
    }

    /** Returns the number of the configuration in force. */
    public long generation() {
        return configuration.compilation().snapshot().generation();
    }

    /** Returns the addresses that are served. */
    public List<InetSocketAddress> served() {
        return dataPlane.serving();
    }

    /** Returns the port of the admin endpoints. */
    public int adminPort() {
        AdminServer server = admin;
        return server == null ? 0 : server.port();
    }

    /** Stops to accept requests and lets the open ones finish within the drain timeout. */
    public boolean drain() {
        serving = false;
        drained = true;
        release();
        return dataPlane.drain(options.drainTimeout());
    }

    /** Lets another replica lead at once. */
    private void release() {
        Leadership election = leadership;
        if (election != null) {
            election.close();
        }
        statuses.close();
        feed.close();
    }

    @Override
    public void close() {
        serving = false;
        release();
        if (!drained) {
            dataPlane.close();
        }
        externalPickers.close();
        pickers.close();
        scraper.close();
        tracing.close();
        accessLog.close();
        AdminServer server = admin;
        if (server != null) {
            server.close();
        }
        client.close();
    }
}
