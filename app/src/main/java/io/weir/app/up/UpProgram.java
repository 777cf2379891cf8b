package io.weir.app.up;

import io.weir.app.CommandFailure;
import io.weir.app.admin.AdminServer;
import io.weir.app.simulated.SimulatedPods;
import io.weir.app.simulated.SimulatedServers;
import io.weir.app.tracing.TraceRole;
import io.weir.app.tracing.Tracing;
import io.weir.app.up.Configurator.Applied;
import io.weir.extproc.client.ExtProcPickers;
import io.weir.kubernetes.embedded.client.Change;
import io.weir.picker.pool.PickerRegistry;
import io.weir.picker.scrape.Scraper;
import io.weir.proxy.BindFailure;
import io.weir.proxy.DataPlane;
import io.weir.proxy.ProxySettings;
import io.weir.resource.Problem;
import io.weir.resource.Problem.Severity;
import io.weir.resource.manifest.LoadResult;
import io.weir.resource.manifest.ManifestLoader;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * A running {@code weir up}.
 *
 * <p>One lock orders everything that changes the configuration: the start, and afterwards the
 * threads of the file watcher and of the API's changes. Requests never meet it.
 */
public final class UpProgram implements AutoCloseable {

    private static final Duration FIRST_LOOK = Duration.ofMillis(500);

    private static final Duration MOST_WAIT = Duration.ofSeconds(5);
    private static final long LOOK_AGAIN_MILLIS = 100;

    private final UpOptions options;
    private final Terminal terminal;
    private final ManifestLoader loader = new ManifestLoader(Clock.systemUTC());
    private final Inputs inputs;
    private final SimulatedServers simulated;
    private final Telemetry telemetry = new Telemetry();
    private final AccessLog accessLog;
    private final Tracing tracing;
    private final Scraper scraper = Scraper.create();
    private final PickerRegistry pickers;
    private final ExtProcPickers externalPickers = ExtProcPickers.create();
    private final DataPlane dataPlane;
    private final Configurator configurator;
    private final ApiSide api;
    private LoadResult files = LoadResult.EMPTY;
    private List<Problem> unreadable = List.of();
    private @Nullable AdminServer admin;
    private volatile Configuration configuration = Configuration.EMPTY;
    private volatile boolean serving;
    private volatile boolean drained;

    private UpProgram(UpOptions options, Terminal terminal, Inputs inputs) throws CommandFailure {
        this.options = options;
        this.terminal = terminal;
        this.inputs = inputs;
        boolean podsHaveAddresses = SimulatedPods.canHaveAddresses();
        simulated =
                SimulatedServers.create(
                        options.simulate(),
                        options.latencyProfile(),
                        options.timeScale(),
                        podsHaveAddresses);
        pickers = PickerRegistry.create(scraper);
        telemetry.measureFlows(pickers);
        api =
                new ApiSide(
                        options,
                        simulated.pods(() -> configuration.manifests().objects()),
                        new RunningStatus(
                                pickers,
                                () -> configuration.compilation().snapshot(),
                                this::unbound),
                        podsHaveAddresses);
        api.start();
        accessLog = AccessLog.open(options.accessLog(), System.out);
        tracing = Tracing.open(options.traces(), TraceRole.GATEWAY, telemetry.registry());
        dataPlane =
                new DataPlane(
                        ProxySettings.DEFAULT,
                        pickers,
                        externalPickers,
                        tracing.around(accessLog.followedBy(telemetry.exchanges())));
        configurator = new Configurator(options, simulated, pickers, dataPlane);
    }

    /**
     * Starts to serve.
     *
     * @param options what to serve and how
     * @param terminal where to report to
     * @throws CommandFailure when files are missing, ports are taken, or an object is refused and
     *     {@code --strict} is set
     */
    public static UpProgram start(UpOptions options, Terminal terminal) throws CommandFailure {
        Inputs inputs = Inputs.open(options, Clock.systemUTC());
        UpProgram program = new UpProgram(options, terminal, inputs);
        try {
            program.begin();
            return program;
        } catch (CommandFailure | RuntimeException e) {
            program.close();
            throw e;
        }
    }

    /**
     * Starts to serve with a port offset for which all ports happen to be free.
     *
     * @param random chooses offsets
     */
    public static UpProgram startOnFreePorts(
            UpOptions options, Terminal terminal, RandomGenerator random) throws CommandFailure {
        CommandFailure failure = new CommandFailure("no free ports");
        for (int i = 0; i < 20; i++) {
            try {
                return start(options.withPortOffset(random.nextInt(10_000, 40_000)), terminal);
            } catch (CommandFailure e) {
                failure = e;
            }
        }
        throw failure;
    }

    private synchronized void begin() throws CommandFailure {
        Configuration compiled = compile(Configuration.EMPTY);
        terminal.complain(compiled.problems());
        if (options.strict() && compiled.count(Severity.ERROR) > 0) {
            long errors = compiled.count(Severity.ERROR);
            throw CommandFailure.refused(
                    errors + (errors == 1 ? " error" : " errors") + ", and --strict is set");
        }
        Applied applied = configurator.apply(compiled);
        for (BindFailure failure : applied.unbound()) {
            throw new CommandFailure(BindAdvice.of(failure, compiled.compilation().snapshot()));
        }
        install(applied.configuration());
        admin = startAdmin();
        terminal.complain(api.join(files, this::apiChanged));
        awaitServers();
        new FirstLook(pickers, FIRST_LOOK)
                .await(configuration.compilation().snapshot().pools().keySet());
        serving = true;
        inputs.start(this::refresh);
    }

    /** Waits until what the API kept is in force and simulated servers run, but not for ever. */
    private void awaitServers() throws CommandFailure {
        long end = System.nanoTime() + MOST_WAIT.toNanos();
        try {
            while (!api.isComplete(simulated.replicas()) && System.nanoTime() < end) {
                wait(LOOK_AGAIN_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailure("interrupted");
        }
    }

    private AdminServer startAdmin() throws CommandFailure {
        Admin pages = new Admin(telemetry, dataPlane, pickers, () -> configuration, () -> serving);
        try {
            return new AdminServer(options.adminPort(), pages.pages());
        } catch (IOException e) {
            throw new CommandFailure(
                    "can't listen on 127.0.0.1:"
                            + options.adminPort()
                            + " for the admin endpoints: "
                            + e.getMessage()
                            + "; choose another port with --admin-port");
        }
    }

    private Configuration compile(Configuration before) {
        files = loader.loadTexts(inputs.manifests(), files);
        unreadable = inputs.problems();
        FileEndpoints servers = FileEndpoints.read(inputs.endpoints());
        return configurator.compile(api.with(files), servers, before).with(unreadable);
    }

    /** Called by the feed of the API; the first call brings everything that it has. */
    private synchronized void apiChanged(List<Change> batch) {
        long noticedNanos = System.nanoTime();
        boolean starting = !serving;
        List<ObjectChange> changes = api.take(batch);
        if (changes.isEmpty()) {
            api.report(configuration);
            notifyAll();
            return;
        }
        Configuration before = configuration;
        Configuration compiled =
                configurator.compile(api.with(files), before.servers(), before).with(unreadable);
        Applied applied = configurator.apply(compiled);
        if (!starting) {
            report(ApiSide.worthTelling(changes), noticedNanos);
        }
        for (BindFailure failure : applied.unbound()) {
            terminal.note(BindAdvice.of(failure, compiled.compilation().snapshot()));
        }
        tell(before, applied.configuration());
        install(applied.configuration());
        notifyAll();
    }

    private void report(List<ObjectChange> changes, long noticedNanos) {
        long millis = (System.nanoTime() - noticedNanos) / 1_000_000;
        for (String line : ObjectChanges.lines(changes)) {
            terminal.say(line + ", in force after " + millis + " ms");
        }
    }

    private synchronized void refresh(long noticedNanos) {
        Configuration before = configuration;
        Configuration compiled = compile(before);
        List<ObjectChange> changes =
                ObjectChanges.between(before.manifests(), compiled.manifests());
        boolean sameServers = before.servers().endpoints().equals(compiled.servers().endpoints());
        if (changes.isEmpty() && sameServers) {
            tell(before, compiled);
            configuration = compiled.withCompilation(before.compilation());
            return;
        }
        Applied applied = configurator.apply(compiled);
        report(changes, noticedNanos);
        terminal.complain(api.show(files));
        if (!sameServers) {
            long millis = (System.nanoTime() - noticedNanos) / 1_000_000;
            int count = compiled.servers().endpoints().size();
            terminal.say(
                    count
                            + (count == 1 ? " server" : " servers")
                            + " in endpoints files, in force after "
                            + millis
                            + " ms");
        }
        for (BindFailure failure : applied.unbound()) {
            terminal.note(BindAdvice.of(failure, compiled.compilation().snapshot()));
        }
        tell(before, applied.configuration());
        install(applied.configuration());
    }

    /** Prints the problems that were not there before. */
    private void tell(Configuration before, Configuration after) {
        Set<Problem> known = new HashSet<>(before.problems());
        List<Problem> fresh = new ArrayList<>(after.problems());
        fresh.removeAll(known);
        terminal.complain(fresh);
    }

    private void install(Configuration next) {
        configuration = next;
        api.report(next);
        telemetry.models().know(KnownModels.of(next, simulated.deployments().models()));
    }

    private List<BindFailure> unbound() {
        return configurator.unbound();
    }

    /** Returns what is configured now. */
    Configuration configuration() {
        return configuration;
    }

    /** Returns the addresses that are served. */
    public List<InetSocketAddress> addresses() {
        return dataPlane.serving();
    }

    /** Returns the port of the admin endpoints. */
    public int adminPort() {
        AdminServer server = admin;
        return server == null ? 0 : server.port();
    }

    /** Returns the file that kubectl needs; empty before the API has started. */
    public Optional<Path> kubeconfig() {
        return api.kubeconfig();
    }

    /** Returns what is running, for people. */
    public Summary summary() {
        return Summary.of(configuration, simulated, dataPlane.serving(), adminPort(), api.lines());
    }

    /** Stops to accept requests and lets the open ones finish within the drain timeout. */
    public void drain() {
        serving = false;
        inputs.close();
        int open = dataPlane.stats().openExchanges();
        if (open > 0) {
            terminal.note(
                    "draining: "
                            + open
                            + " open requests, at most "
                            + options.drainTimeout().toSeconds()
                            + " s (Ctrl-C again to end at once)");
        }
        drained = true;
        boolean finished = dataPlane.drain(options.drainTimeout());
        terminal.note(finished ? "stopped" : "stopped, and cut requests that took too long");
    }

    @Override
    public void close() {
        serving = false;
        inputs.close();
        if (!drained) {
            dataPlane.close();
        }
        api.close();
        externalPickers.close();
        pickers.close();
        scraper.close();
        simulated.close();
        tracing.close();
        accessLog.close();
        AdminServer server = admin;
        if (server != null) {
            server.close();
        }
    }
}
