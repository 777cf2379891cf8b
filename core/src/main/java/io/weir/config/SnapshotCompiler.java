package io.weir.config;

import io.weir.config.CompiledPool.Servers;
import io.weir.config.RoutePlan.Parent;
import io.weir.picker.external.ExternalPicker;
import io.weir.resource.GatewayClass;
import io.weir.resource.HttpRoute;
import io.weir.resource.InferencePool;
import io.weir.resource.ObjectKey;
import io.weir.resource.ObjectName;
import io.weir.resource.ObjectSet;
import io.weir.routing.Pool;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

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
 * <p>Gateways, pools and routes are each compiled by a function of that object and what it asks
 * about others ({@link Question}); a listener's table is then put together from them. Whatever
 * asked nothing that has another answer now is kept from the compilation before ({@link Memo}), and
 * a table is changed only where its routes changed.
 */
public final class SnapshotCompiler {

    private final ObjectSet objects;
    private final CompileOptions options;
    private final Compilation before;
    private final Reuse old;
    private final ProblemLog problems = new ProblemLog();
    private final Facts facts;

    private SnapshotCompiler(ObjectSet objects, CompileOptions options, Compilation before) {
        this.objects = objects;
        this.options = options;
        this.before = before;
        this.old = before.reuse();
        this.facts = new Facts(objects, options, problems, old);
    }

    /** Compiles a first set of objects. */
    public static Compilation compile(ObjectSet objects, CompileOptions options) {
        return compile(objects, options, Compilation.EMPTY);
    }

    /**
     * Compiles a changed set of objects.
     *
     * @param before the compilation before: generations rise from it, splits whose weights did not
     *     change go on where they were, and what did not change at all is kept
     */
    public static Compilation compile(
            ObjectSet objects, CompileOptions options, Compilation before) {
        return new SnapshotCompiler(objects, options, before).compile();
    }

    private Compilation compile() {
        List<GatewayPlan> gateways = gateways();
        var models = models();
        var poolCompiler = new PoolCompiler(facts, problems);
        var servers = poolCompiler.servers(old.poolServers());
        var pools = PoolCompiler.pools(servers, models.result(), old.pools());
        facts.pools(pools);
        facts.tlsPolicies().remarkOthers(askedPickers(servers));
        var traffic = new TrafficPolicies(objects, options, problems);
        var headers = new HeaderPolicies(objects, old.headerRules(), problems);
        var baseModels = BaseModelCompiler.named(facts, old.baseModels(), problems);
        var allBaseModels = BaseModelCompiler.all(facts, baseModels, old.allBaseModels(), problems);
        var routes = routes();
        boolean sameRoutes = Memo.same(routes, old.routes());
        var places = sameRoutes ? old.places() : ServerCompiler.places(routes);
        var users = sameRoutes ? old.users() : users(routes);
        var listeners =
                new ServerCompiler(
                        traffic, headers, allBaseModels.result(), places, old.listeners());
        List<Server> served = listeners.servers(gateways);
        Map<ObjectKey, PoolStatus> poolStatuses = poolStatuses(pools, users);

        List<Status> others = new ArrayList<>();
        objects.all(GatewayClass.class).stream()
                .filter(options.adopts())
                .forEach(found -> others.add(StatusCompiler.of(found)));
        gateways.forEach(plan -> others.add(StatusCompiler.of(plan, listeners::attachedRoutes)));
        others.addAll(traffic.statuses());
        others.addAll(facts.tlsPolicies().statuses());
        others.addAll(headers.statuses());
        List<Status> kept = Statuses.kept(old.otherStatuses(), others);
        List<Status> statuses = new ArrayList<>(kept);
        routes.forEach((_, route) -> route.ifPresent(found -> statuses.add(found.status())));
        servers.forEach((pool, _) -> statuses.addAll(statusOf(poolStatuses.get(pool.key()))));
        statuses.addAll(models.result().statuses());
        Snapshot snapshot =
                new Snapshot(before.snapshot().generation() + 1, served, snapshotPools(pools));
        Reuse reuse =
                new Reuse(
                        facts.labels(),
                        facts.services(),
                        facts.gateways(),
                        models,
                        servers,
                        pools,
                        routes,
                        places,
                        users,
                        listeners.routes(),
                        baseModels,
                        allBaseModels,
                        headers.compiled(),
                        poolStatuses,
                        kept);
        return new Compilation(snapshot, statuses, problems.problems(options.origins()), reuse);
    }

    private static Set<ObjectName> askedPickers(Memos<InferencePool, Servers> servers) {
        Set<ObjectName> pickers = new HashSet<>();
        servers.forEach((_, found) -> {
            ExternalPicker external = found.external();
            if (external != null) {
                pickers.add(external.service());
            }
        });
        return pickers;
    }

    private List<GatewayPlan> gateways() {
        List<GatewayPlan> plans =
                new GatewayPlanner(facts, problems)
                        .plan().stream()
                                .map(plan -> {
                                    GatewayPlan known = old.gateways().get(plan.name());
                                    return plan.equals(known) ? known : plan;
                                })
                                .toList();
        facts.gateways(plans);
        return plans;
    }

    private Memo<List<?>, ModelSettings> models() {
        Memo<List<?>, ModelSettings> known = old.models();
        Splits splits = known == null ? Splits.NONE : known.result().splits();
        List<Status> statuses = known == null ? List.of() : known.result().statuses();
        return facts.memo(
                known,
                ModelSettings.sources(objects),
                () -> ModelSettings.of(objects, splits, problems).keeping(statuses));
    }

    private Memos<HttpRoute, Optional<AttachedRoute>> routes() {
        RoutePlanner planner = new RoutePlanner(facts, problems);
        RouteCompiler compiler = new RouteCompiler(new BackendResolver(facts, problems), problems);
        return old.routes()
                .next(
                        objects.all(HttpRoute.class),
                        facts,
                        (route, known) -> {
                            RoutePlan plan = planner.plan(route);
                            if (plan.parents().isEmpty()) {
                                return Optional.empty();
                            }
                            AttachedRoute last = known == null ? null : known.orElse(null);
                            Splits splits = last == null ? Splits.NONE : last.route().splits();
                            CompiledRoute compiled = compiler.compile(route, splits);
                            return Optional.of(AttachedRoute.of(plan, compiled, last));
                        });
    }

    /** Returns which Gateways have routes to each pool. */
    private static Map<ObjectKey, List<PoolUser>> users(
            Memos<HttpRoute, Optional<AttachedRoute>> routes) {
        Map<ObjectKey, Map<GatewayPlan, Boolean>> users = new HashMap<>();
        routes.forEach((_, route) -> route.ifPresent(found -> addUsers(found, users)));
        Map<ObjectKey, List<PoolUser>> lists = HashMap.newHashMap(users.size());
        users.forEach((pool, gateways) -> lists.put(pool, users(gateways)));
        return lists;
    }

    private static List<PoolUser> users(Map<GatewayPlan, Boolean> gateways) {
        return gateways.entrySet().stream()
                .map(user -> new PoolUser(user.getKey(), user.getValue()))
                .toList();
    }

    private static void addUsers(
            AttachedRoute route, Map<ObjectKey, Map<GatewayPlan, Boolean>> users) {
        for (Parent parent : route.plan().parents()) {
            boolean accepted = parent.refusal() == null && route.route().isUsable();
            for (ObjectKey pool : route.route().pools()) {
                users.computeIfAbsent(pool, _ -> new LinkedHashMap<>())
                        .merge(parent.gateway(), accepted, Boolean::logicalOr);
            }
        }
    }

    private Map<ObjectKey, PoolStatus> poolStatuses(
            Map<ObjectKey, CompiledPool> pools, Map<ObjectKey, List<PoolUser>> users) {
        Map<ObjectKey, PoolStatus> statuses = HashMap.newHashMap(pools.size());
        pools.forEach((key, pool) -> {
            List<PoolUser> gateways = users.getOrDefault(key, List.of());
            statuses.put(key, PoolStatus.of(pool, gateways, old.poolStatuses().get(key)));
        });
        return statuses;
    }

    private static List<Status> statusOf(@Nullable PoolStatus found) {
        return found == null ? List.of() : List.of(found.status());
    }

    private Map<ObjectKey, Pool> snapshotPools(Map<ObjectKey, CompiledPool> pools) {
        if (Memo.same(pools, old.pools())) {
            return before.snapshot().pools();
        }
        Map<ObjectKey, Pool> all = HashMap.newHashMap(pools.size());
        pools.forEach((key, pool) -> all.put(key, pool.pool()));
        return all;
    }
}
