package io.weir.config;

import io.weir.config.PickerConfigs.Found;
import io.weir.model.BaseModels;
import io.weir.resource.GatewayClass;
import io.weir.resource.HttpRoute;
import io.weir.resource.InferencePool;
import io.weir.resource.ObjectKey;
import io.weir.resource.ObjectName;
import io.weir.resource.ObjectSet;
import io.weir.routing.Pool;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes a snapshot from objects. A pure function: nothing is read but its arguments.
 *
 * <pre>
 * ConfigMaps ───────────────────────────────► base models ─┐
 * rewrites, models, objectives ─► pools ─► backends        │
 *                                            │             │
 * Gateways ─► listeners ─► attachment ─► compiled routes ─►│─► servers
 * policies ────────────────────────────────────────────────┘
 * </pre>
 *
 * <p>Gateways, pools and routes are each compiled by a function of that object and what it refers
 * to; a listener's table is then put together from them.
 */
public final class SnapshotCompiler {

    private final ObjectSet objects;
    private final CompileOptions options;
    private final Compilation before;
    private final ProblemLog problems;
    private final Splits splits = new Splits();
    private final List<Status> statuses = new ArrayList<>();
    private final Grants grants;
    private final PodEndpoints pods;
    private final PoolFinder poolFinder;

    private SnapshotCompiler(ObjectSet objects, CompileOptions options, Compilation before) {
        this.objects = objects;
        this.options = options;
        this.before = before;
        this.problems = new ProblemLog(options.origins());
        this.grants = new Grants(objects);
        this.pods = new PodEndpoints(objects, options.replicas());
        this.poolFinder = new PoolFinder(objects, problems);
    }

    /** Compiles a first set of objects. */
    public static Compilation compile(ObjectSet objects, CompileOptions options) {
        return compile(objects, options, Compilation.EMPTY);
    }

    /**
     * Compiles a changed set of objects.
     *
     * @param before the compilation before: generations rise from it, and splits whose weights did
     *     not change go on where they were
     */
    public static Compilation compile(
            ObjectSet objects, CompileOptions options, Compilation before) {
        return new SnapshotCompiler(objects, options, before).compile();
    }

    private Compilation compile() {
        objects.all(GatewayClass.class).stream()
                .filter(options.adopts())
                .forEach(found -> statuses.add(StatusCompiler.of(found)));
        List<GatewayPlan> gateways = new GatewayPlanner(objects, options, grants, problems).plan();
        Pools pools = new Pools();
        Map<ObjectKey, Pool> compiledPools = pools.compile();
        TrafficPolicies traffic = new TrafficPolicies(objects, options, problems);
        HeaderPolicies headers = new HeaderPolicies(objects, problems);
        ServerCompiler servers = new ServerCompiler(traffic, headers, baseModels());
        routes(gateways, compiledPools, servers, pools);
        gateways.forEach(
                gateway -> statuses.add(StatusCompiler.of(gateway, servers::attachedRoutes)));
        pools.addStatuses(compiledPools);
        statuses.addAll(traffic.statuses());
        statuses.addAll(headers.statuses());
        Snapshot snapshot =
                new Snapshot(
                        before.snapshot().generation() + 1,
                        servers.servers(gateways),
                        compiledPools);
        return new Compilation(snapshot, statuses, problems.problems(), splits);
    }

    private BaseModels baseModels() {
        return BaseModelCompiler.compile(objects, problems);
    }

    private void routes(
            List<GatewayPlan> gateways,
            Map<ObjectKey, Pool> compiledPools,
            ServerCompiler servers,
            Pools pools) {
        RoutePlanner planner = new RoutePlanner(objects, gateways, problems);
        ServiceEndpoints services = new ServiceEndpoints(pods);
        BackendResolver backends =
                new BackendResolver(objects, grants, poolFinder, compiledPools, services);
        RouteCompiler compiler = new RouteCompiler(backends, before.splits(), splits, problems);
        for (HttpRoute route : objects.all(HttpRoute.class)) {
            RoutePlan plan = planner.plan(route);
            if (!plan.parents().isEmpty()) {
                CompiledRoute compiled = compiler.compile(route);
                servers.attach(plan, compiled);
                pools.use(plan, compiled);
                statuses.add(StatusCompiler.of(plan, compiled));
            }
        }
    }

    /** The pools of one compilation, and who uses them. */
    private final class Pools {
        private final RewriteCompiler rewrites =
                new RewriteCompiler(poolFinder, before.splits(), splits, problems);
        private final ObjectiveCompiler objectives = new ObjectiveCompiler(poolFinder, problems);
        private final PickerConfigs pickers = new PickerConfigs(objects, pods, problems);
        private final PoolEndpoints endpoints = new PoolEndpoints(pods, options.extraEndpoints());
        private final Map<ObjectKey, Found> pickerOf = new HashMap<>();
        private final Map<ObjectKey, Map<ObjectName, GatewayPlan>> users = new HashMap<>();

        Map<ObjectKey, Pool> compile() {
            rewrites.add(objects);
            objectives.add(objects);
            Map<ObjectKey, Pool> compiled = new HashMap<>();
            for (InferencePool pool : objects.all(InferencePool.class)) {
                compiled.put(pool.key(), compile(pool));
            }
            return compiled;
        }

        private Pool compile(InferencePool pool) {
            Found picker = pickers.find(pool);
            pickerOf.put(pool.key(), picker);
            if (pool.appProtocol() == InferencePool.AppProtocol.H2C) {
                problems.warning(pool, "spec.appProtocol", Conditions.H2C_IS_NOT_SPOKEN);
            }
            var ref = pool.endpointPicker();
            return new Pool(
                    pool.key(),
                    endpoints.find(pool),
                    pool.appProtocol(),
                    ref == null ? InferencePool.FailureMode.FAIL_OPEN : ref.failureMode(),
                    rewrites.rewrites(pool),
                    objectives.priorities(pool),
                    rewrites.priorities(pool),
                    picker.settings());
        }

        void use(RoutePlan plan, CompiledRoute route) {
            for (RoutePlan.Parent parent : plan.parents()) {
                if (parent.refusal() == null) {
                    route.pools().forEach(pool -> use(parent.gateway(), pool));
                }
            }
        }

        private void use(GatewayPlan gateway, ObjectKey pool) {
            users.computeIfAbsent(pool, _ -> new LinkedHashMap<>()).put(gateway.name(), gateway);
        }

        void addStatuses(Map<ObjectKey, Pool> compiled) {
            for (InferencePool pool : objects.all(InferencePool.class)) {
                Found picker = pickerOf.getOrDefault(pool.key(), Found.DEFAULT);
                Map<ObjectName, GatewayPlan> gateways = users.getOrDefault(pool.key(), Map.of());
                Pool found = compiled.get(pool.key());
                int ready = found == null ? 0 : found.endpoints().size();
                statuses.add(
                        StatusCompiler.of(
                                pool,
                                picker.refusal(),
                                endpoints.count(pool, ready),
                                List.copyOf(gateways.values())));
            }
            statuses.addAll(rewrites.statuses());
            statuses.addAll(objectives.statuses());
        }
    }
}
