package io.weir.config;

import io.weir.config.CompiledPool.Servers;
import io.weir.config.PickerConfigs.Found;
import io.weir.resource.InferencePool;
import io.weir.resource.InferencePool.AppProtocol;
import io.weir.resource.InferencePool.FailureMode;
import io.weir.resource.ObjectKey;
import io.weir.routing.Backend;
import io.weir.routing.Pool;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Compiles pools: their servers one by one, then what refers to them. */
final class PoolCompiler {

    private final Facts facts;
    private final ProblemLog problems;
    private final PickerConfigs pickers;
    private final PoolEndpoints endpoints;

    PoolCompiler(Facts facts, ProblemLog problems) {
        this.facts = facts;
        this.problems = problems;
        PodEndpoints pods = new PodEndpoints(facts);
        this.pickers = new PickerConfigs(facts, pods, problems);
        this.endpoints = new PoolEndpoints(pods, facts);
    }

    /** Returns the servers of all pools, each by itself. */
    Memos<InferencePool, Servers> servers(Memos<InferencePool, Servers> before) {
        List<InferencePool> pools = facts.objects().all(InferencePool.class);
        return before.next(pools, facts, (pool, _) -> servers(pool));
    }

    private Servers servers(InferencePool pool) {
        Found picker = pickers.find(pool);
        if (pool.appProtocol() == AppProtocol.H2C) {
            problems.warning(pool, "spec.appProtocol", Conditions.H2C_IS_NOT_SPOKEN);
        }
        var ready = endpoints.find(pool);
        return new Servers(
                ready, endpoints.count(pool, ready.size()), picker, picker.external(pool, ready));
    }

    /**
     * Puts pools together.
     *
     * @param before the pools before; those that came out the same are kept
     * @return pools by key; the same map as before when all are the same
     */
    static Map<ObjectKey, CompiledPool> pools(
            Memos<InferencePool, Servers> servers,
            ModelSettings models,
            Map<ObjectKey, CompiledPool> before) {
        Map<ObjectKey, CompiledPool> pools = HashMap.newHashMap(before.size());
        boolean[] same = {true};
        servers.forEach((object, found) -> {
            ObjectKey key = object.key();
            CompiledPool old = before.get(key);
            CompiledPool now = compiled(object, found, models.of(object), old);
            same[0] &= Memo.same(now, old);
            pools.put(key, now);
        });
        return same[0] && pools.size() == before.size() ? before : pools;
    }

    private static CompiledPool compiled(
            InferencePool object,
            Servers servers,
            ModelSettings.OfPool models,
            @Nullable CompiledPool before) {
        if (before != null
                && Memo.same(before.object(), object)
                && Memo.same(before.servers(), servers)
                && before.models().equals(models)) {
            return before;
        }
        var ref = object.endpointPicker();
        Pool pool =
                new Pool(
                        object.key(),
                        servers.ready(),
                        object.appProtocol(),
                        ref == null ? FailureMode.FAIL_OPEN : ref.failureMode(),
                        models.rewrites(),
                        models.priorities(),
                        models.modelPriorities(),
                        servers.picker().settings(),
                        servers.external());
        Backend backend =
                before != null && before.pool().equals(pool)
                        ? before.backend()
                        : new Backend.ToPool(pool);
        return new CompiledPool(object, servers, models, pool, backend);
    }
}
