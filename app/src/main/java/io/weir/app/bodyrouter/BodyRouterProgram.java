package io.weir.app.bodyrouter;

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
import io.weir.app.up.Telemetry;
import io.weir.config.BaseModelMaps;
import io.weir.extproc.router.BodyRouterService;
import io.weir.extproc.server.StreamListener;
import io.weir.kubernetes.cluster.FeedKinds;
import io.weir.model.BaseModels;
import io.weir.resource.Problem;
import io.weir.resource.manifest.LoadResult;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A running {@code weir body-router}. */
public final class BodyRouterProgram extends ExtProcProgram {

    private static final Logger LOG = LoggerFactory.getLogger(BodyRouterProgram.class);

    private final BodyRouterRun run;
    private final Telemetry telemetry = new Telemetry();
    private final ProblemLog problems = new ProblemLog();
    private volatile BaseModels models = BaseModels.EMPTY;
    private volatile boolean listed;

    private BodyRouterProgram(BodyRouterRun run) {
        this.run = run;
    }

    /**
     * Starts to serve; it is ready once the ConfigMaps are known.
     *
     * @throws CommandFailure when a file is missing or a port is taken
     */
    public static BodyRouterProgram start(BodyRouterRun run) throws CommandFailure {
        return begun(new BodyRouterProgram(run));
    }

    @Override
    protected void begin() throws CommandFailure {
        Tracing tracing = Tracing.open(run.traces(), TraceRole.BODY_ROUTER, telemetry.registry());
        add(tracing);
        open();
        BodyRouterService service =
                new BodyRouterService(
                        () -> models,
                        new RouterMetrics(telemetry.registry()),
                        tracing.observer(),
                        run.requests());
        add(Sweeper.start(service::sweep));
        serve(Serving.start(run.serving(), service, () -> listed, pages(), StreamListener.NONE));
    }

    private void open() throws CommandFailure {
        if (run.manifests().isEmpty()) {
            add(
                    ClusterObjects.watch(
                            run.kubeconfig(), FeedKinds.BODY_ROUTER, run.namespaces(), this::take));
            return;
        }
        ConfigFiles files = ConfigFiles.open(run.manifests(), List.of());
        add(files);
        files.start((objects, _) -> take(objects));
    }

    private void take(LoadResult objects) {
        BaseModelMaps maps = BaseModelMaps.of(objects.objects(), objects::origin);
        List<Problem> all = new ArrayList<>(objects.problems());
        all.addAll(maps.problems());
        problems.tell(all);
        if (!maps.models().equals(models) || !listed) {
            LOG.atInfo()
                    .addKeyValue("baseModels", maps.models().baseModels().size())
                    .addKeyValue("adapters", maps.models().byAdapter().size())
                    .log("mapping in force");
        }
        models = maps.models();
        listed = true;
        refresh();
    }

    private Map<String, Page> pages() {
        return Map.of(
                "/metrics",
                new MetricsPage(telemetry.registry(), telemetry::measureMachine),
                "/livez",
                HealthPages.live(),
                "/readyz",
                HealthPages.ready(() -> List.of(new Check(listed, "ConfigMaps are known"))));
    }
}
