package io.weir.config;

import io.weir.config.CompiledPool.Servers;
import io.weir.config.CompiledPool.Use;
import io.weir.config.PickerConfigs.Found;
import io.weir.resource.InferencePool;
import io.weir.resource.InferencePool.AppProtocol;
import io.weir.resource.InferencePool.FailureMode;
import io.weir.routing.Backend;
import io.weir.routing.Pool;

import org.jspecify.annotations.Nullable;

import java.util.List;

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
    Memos.Next<InferencePool, Servers> servers(Memos<InferencePool, Servers> before) {
        List<InferencePool> pools = facts.objects().all(InferencePool.class);
        return before.next(pools, facts, problems, (pool, _) -> servers(pool));
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
     * Puts a pool together.
     *
     * @param before the pool before; kept when it came out the same
     */
    static CompiledPool compiled(
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
        return new CompiledPool(object, servers, models, pool, use(pool, before));
    }

    private static Use use(Pool pool, @Nullable CompiledPool before) {
        if (before == null) {
            return new Use(pool.key(), pool.appProtocol(), new Backend.ToPool(pool));
        }
        return before.use().appProtocol() == pool.appProtocol()
                ? before.use()
                : new Use(pool.key(), pool.appProtocol(), before.use().backend());
    }
}
