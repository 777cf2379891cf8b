package io.weir.app.picker;

import io.weir.app.CommandFailure;
import io.weir.app.admin.HealthPages;
import io.weir.app.admin.HealthPages.Check;
import io.weir.app.admin.MetricsPage;
import io.weir.app.admin.Page;
import io.weir.app.extproc.ClusterObjects;
import io.weir.app.extproc.ConfigFiles;
import io.weir.app.extproc.ExtProcProgram;
import io.weir.app.extproc.ProblemLog;
import io.weir.app.extproc.Serving;
import io.weir.app.extproc.Sweeper;
import io.weir.app.tracing.TraceRole;
import io.weir.app.tracing.Tracing;
import io.weir.app.up.AccessLog;
import io.weir.app.up.FileEndpoints;
import io.weir.app.up.FirstLook;
import io.weir.app.up.Telemetry;
import io.weir.extproc.picker.PickerService;
import io.weir.kubernetes.cluster.FeedKinds;
import io.weir.picker.plugin.PluginException;
import io.weir.picker.pool.PickerRegistry;
import io.weir.picker.scrape.Scraper;
import io.weir.resource.manifest.LoadResult;
import io.weir.routing.Pool;
import io.weir.telemetry.ModelLabels;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A running {@code weir picker}. */
public final class PickerProgram extends ExtProcProgram {

    private static final Logger LOG = LoggerFactory.getLogger(PickerProgram.class);
    private static final Duration FIRST_LOOK = Duration.ofMillis(500);

    /** As many models as in the reference; more are counted as other. */
    private static final int MOST_MODELS = 1000;

    private final PickerRun run;
    private final Telemetry telemetry = new Telemetry(new ModelLabels(MOST_MODELS));
    private final AccessLog accessLog;
    private final Tracing tracing;
    private final Scraper scraper = Scraper.create();
    private final PickerRegistry pickers = PickerRegistry.create(scraper);
    private final PickedPool pool;
    private final ProblemLog problems = new ProblemLog();
    private volatile boolean looked;

    private PickerProgram(PickerRun run) throws CommandFailure {
        this.run = run;
        this.pool = new PickedPool(run.pool(), run.settings(), pickers);
        this.accessLog = AccessLog.open(run.accessLog(), System.out);
        this.tracing = Tracing.open(run.traces(), TraceRole.PICKER, telemetry.registry());
        add(accessLog);
        add(tracing);
        add(scraper);
        add(pickers);
    }

    /**
     * Starts to serve; it is ready once the pool is known.
     *
     * @throws CommandFailure when a file is missing, the configuration can't be used, or a port is
     *     taken
     */
    public static PickerProgram start(PickerRun run) throws CommandFailure {
        return begun(new PickerProgram(run));
    }

    @Override
    protected void begin() throws CommandFailure {
        try {
            // Before there is a pool: a wrong configuration is told at once.
            pool.take(LoadResult.EMPTY, FileEndpoints.NONE);
            open();
        } catch (PluginException e) {
            throw new CommandFailure(String.valueOf(e.getMessage()));
        }
        telemetry.measurePools(pool::endpoints);
        var metrics = new PickerMetrics(telemetry.registry(), this::openStreams, scraper::failures);
        PickerPoolMetrics.register(telemetry.registry(), pool::endpoints);
        telemetry.measureFlows(pickers);
        var observer =
                new RequestMetrics(telemetry.registry(), telemetry.models(), telemetry.exchanges());
        PickerService service =
                new PickerService(
                        pool, run.requests(), tracing.around(accessLog.followedBy(observer)));
        add(Sweeper.start(service::sweep));
        serve(Serving.start(run.serving(), service, this::isReady, pages(), metrics::streamClosed));
    }

    private void open() throws CommandFailure {
        if (run.isFromFiles()) {
            ConfigFiles files = ConfigFiles.open(run.manifests(), run.endpointsFiles());
            add(files);
            files.start(this::take);
        } else {
            add(
                    ClusterObjects.watch(
                            run.kubeconfig(),
                            FeedKinds.picker(run.pool().group()),
                            Set.of(run.pool().namespace()),
                            objects -> take(objects, FileEndpoints.NONE)));
        }
    }

    private void take(LoadResult objects, FileEndpoints servers) {
        problems.tell(pool.take(objects, servers));
        Pool now = pool.pool();
        if (now == null) {
            LOG.atWarn().addKeyValue("pool", pool.key()).log("the pool does not exist");
        } else if (!looked) {
            new FirstLook(pickers, FIRST_LOOK).await(List.of(pool.key()));
            looked = true;
            LOG.atInfo()
                    .addKeyValue("pool", pool.key())
                    .addKeyValue("endpoints", now.endpoints().size())
                    .log("ready");
        }
        refresh();
    }

    /** Returns whether the pool is known. */
    public boolean isReady() {
        return looked && pool.pool() != null;
    }

    private Map<String, Page> pages() {
        return Map.of(
                "/metrics",
                new MetricsPage(
                        telemetry.registry(), telemetry::measureMachine, ReferenceNames::added),
                "/livez",
                HealthPages.live(),
                "/readyz",
                HealthPages.ready(() -> List.of(new Check(isReady(), "pool " + run.pool().key()))));
    }
}
