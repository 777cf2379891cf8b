package io.weir.config;

import io.weir.collection.PersistentMap;
import io.weir.config.CompiledPool.Servers;
import io.weir.config.Memos.Change;
import io.weir.picker.external.ExternalPicker;
import io.weir.resource.BackendTlsPolicy;
import io.weir.resource.GatewayClass;
import io.weir.resource.HttpRoute;
import io.weir.resource.InferencePool;
import io.weir.resource.ObjectKey;
import io.weir.resource.ObjectName;
import io.weir.resource.ObjectSet;
import io.weir.resource.Resource;
import io.weir.routing.Pool;
import io.weir.routing.PoolHandle;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
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
        var servers = new PoolCompiler(facts, problems).servers(old.poolServers());
        var pools = pools(servers, models.result());
        facts.pools(pools, old.pools());
        if (!objects.all(BackendTlsPolicy.class).isEmpty()) {
            facts.tlsPolicies().remarkOthers(askedPickers(servers.memos()));
        }
        var traffic = new TrafficPolicies(objects, options, problems);
        var headers = new HeaderPolicies(objects, old.headerRules(), problems);
        var baseModels = BaseModelCompiler.named(facts, old.baseModels(), problems);
        var allBaseModels = BaseModelCompiler.all(facts, baseModels, old.allBaseModels(), problems);
        var routes = routes();
        facts.forget(routes);
        var places = ServerCompiler.places(old.places(), routes.changes());
        var listeners =
                new ServerCompiler(
                        traffic, headers, allBaseModels.result(), places, old.listeners());
        List<Server> served = listeners.servers(gateways);
        Set<ObjectKey> touchedPools = new HashSet<>();
        PoolUsers users = users(routes.changes(), touchedPools);
        var poolStatuses = poolStatuses(pools, users, touchedPools);
        List<Status> others = new ArrayList<>();
        objects.all(GatewayClass.class).stream()
                .filter(options.adopts())
                .forEach(found -> others.add(StatusCompiler.of(found)));
        gateways.forEach(plan -> others.add(StatusCompiler.of(plan, listeners::attachedRoutes)));
        others.addAll(traffic.statuses());
        others.addAll(facts.tlsPolicies().statuses());
        others.addAll(headers.statuses());
        List<Status> kept = Statuses.kept(old.otherStatuses(), others);
        var statuses = new StatusTable(before.statusByObject());
        routes.changes().forEach(change -> statuses.put(key(change), status(change.now())));
        old.poolStatuses()
                .differences(
                        poolStatuses,
                        (key, _, now) -> statuses.put(key, now == null ? null : now.status()));
        statuses.replace(old.otherStatuses(), kept);
        statuses.replace(ModelSettings.statusesOf(old.models()), models.result().statuses());
        Reuse reuse =
                new Reuse(
                        objects,
                        options,
                        facts.labels(),
                        facts.services(),
                        facts.gateways(),
                        facts.offers(),
                        models,
                        Memo.same(models, old.models())
                                ? old.modelReads()
                                : Readers.<String>none().replaced("", List.of(), models.reads()),
                        servers.memos(),
                        pools,
                        routes.memos(),
                        places,
                        users,
                        listeners.routes(),
                        baseModels,
                        allBaseModels,
                        headers.compiled(),
                        poolStatuses,
                        kept);
        return new Compilation(
                snapshot(served, pools),
                statuses.now(),
                problems.problems(options.origins()),
                reuse);
    }

    private static ObjectKey key(Change<?, Optional<AttachedRoute>> change) {
        return ((Resource) change.subject()).key();
    }

    private static @Nullable Status status(@Nullable Memo<?, Optional<AttachedRoute>> route) {
        return route == null ? null : route.result().map(AttachedRoute::status).orElse(null);
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
        facts.gateways(plans, old);
        return plans;
    }

    private Memo<List<?>, ModelSettings> models() {
        Memo<List<?>, ModelSettings> known = old.models();
        List<?> sources = ModelSettings.sources(objects);
        if (known != null
                && known.subject().equals(sources)
                && old.modelReads().of(facts.touched()).isEmpty()) {
            problems.addAll(known.findings());
            return known;
        }
        ModelSettings last = known == null ? null : known.result();
        return facts.memo(known, sources, () -> ModelSettings.of(facts, last, problems));
    }

    /** Puts together the pools whose servers or models are different. */
    private PersistentMap<ObjectKey, CompiledPool> pools(
            Memos.Next<InferencePool, Servers> servers, ModelSettings models) {
        PersistentMap<ObjectKey, CompiledPool> pools = old.pools();
        for (var change : servers.changes()) {
            InferencePool object = change.subject();
            var now = change.now();
            pools =
                    now == null
                            ? pools.without(object.key())
                            : with(pools, object, now.result(), models);
        }
        Memo<List<?>, ModelSettings> last = old.models();
        if (last != null && Memo.same(last.result(), models)) {
            return pools;
        }
        for (ObjectKey key : models.changedSince(last == null ? null : last.result())) {
            CompiledPool pool = pools.get(key);
            if (pool != null) {
                pools = with(pools, pool.object(), pool.servers(), models);
            }
        }
        return pools;
    }

    private static PersistentMap<ObjectKey, CompiledPool> with(
            PersistentMap<ObjectKey, CompiledPool> pools,
            InferencePool object,
            Servers servers,
            ModelSettings models) {
        ObjectKey key = object.key();
        return pools.with(
                key, PoolCompiler.compiled(object, servers, models.of(key), pools.get(key)));
    }

    private Memos.Next<HttpRoute, Optional<AttachedRoute>> routes() {
        RoutePlanner planner = new RoutePlanner(facts, problems);
        RouteCompiler compiler = new RouteCompiler(new BackendResolver(facts, problems), problems);
        return old.routes()
                .next(
                        objects.all(HttpRoute.class),
                        facts,
                        problems,
                        (route, known) -> {
                            RoutePlan plan = planner.plan(route);
                            if (plan.parents().isEmpty()) {
                                return Optional.empty();
                            }
                            AttachedRoute last = known == null ? null : known.orElse(null);
                            Splits splits = last == null ? Splits.NONE : last.route().splits();
                            Memo<HttpRoute, CompiledRoute> compiled =
                                    facts.part(
                                            last == null ? null : last.compiled(),
                                            route,
                                            () -> compiler.compile(route, splits));
                            return Optional.of(AttachedRoute.of(plan, compiled, last));
                        });
    }

    private PoolUsers users(
            List<Change<HttpRoute, Optional<AttachedRoute>>> changes, Set<ObjectKey> touched) {
        PoolUsers users = old.users();
        for (var change : changes) {
            users = users.replaced(attached(change.before()), attached(change.now()), touched);
        }
        return users;
    }

    private static @Nullable AttachedRoute attached(
            @Nullable Memo<HttpRoute, Optional<AttachedRoute>> memo) {
        return memo == null ? null : memo.result().orElse(null);
    }

    /** Words the statuses of pools that are different or whose users may be. */
    private PersistentMap<ObjectKey, PoolStatus> poolStatuses(
            PersistentMap<ObjectKey, CompiledPool> pools, PoolUsers users, Set<ObjectKey> touched) {
        old.pools().differences(pools, (key, _, _) -> touched.add(key));
        PersistentMap<ObjectKey, PoolStatus> statuses = old.poolStatuses();
        for (ObjectKey key : touched) {
            CompiledPool pool = pools.get(key);
            statuses =
                    pool == null
                            ? statuses.without(key)
                            : statuses.with(
                                    key, PoolStatus.of(pool, users.of(key), statuses.get(key)));
        }
        return statuses;
    }

    private Snapshot snapshot(List<Server> servers, PersistentMap<ObjectKey, CompiledPool> pools) {
        Snapshot last = before.snapshot();
        var compiled = new HashMap<ObjectKey, Optional<CompiledPool>>();
        old.pools()
                .differences(pools, (key, _, now) -> compiled.put(key, Optional.ofNullable(now)));
        PersistentMap<ObjectKey, Pool> all = last.pools();
        PersistentMap<ObjectKey, PoolHandle> handles = last.handles();
        for (Map.Entry<ObjectKey, Optional<CompiledPool>> entry : compiled.entrySet()) {
            CompiledPool now = entry.getValue().orElse(null);
            ObjectKey key = entry.getKey();
            all = now == null ? all.without(key) : all.with(key, now.pool());
            handles =
                    now == null
                            ? handles.without(key)
                            : handles.with(key, now.use().backend().handle());
        }
        return new Snapshot(last.generation() + 1, servers, all, handles);
    }
}
