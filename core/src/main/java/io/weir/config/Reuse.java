package io.weir.config;

import io.weir.collection.PersistentMap;
import io.weir.config.AttachedRoute.Place;
import io.weir.config.CompiledPool.Servers;
import io.weir.config.GatewayPlan.Name;
import io.weir.config.GatewayPlan.Offer;
import io.weir.config.Question.ListenersOf;
import io.weir.model.BaseModels;
import io.weir.resource.AgentgatewayPolicy.HeaderExpression;
import io.weir.resource.ConfigMap;
import io.weir.resource.HttpRoute;
import io.weir.resource.InferencePool;
import io.weir.resource.ObjectKey;
import io.weir.resource.ObjectName;
import io.weir.resource.ObjectSet;
import io.weir.routing.HeaderRule;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the next compilation can keep of one.
 *
 * @param objects the objects
 * @param options what else there was
 * @param labels objects by labels
 * @param services backends by port of a Service
 * @param gateways our Gateways
 * @param offers what Gateways have for references
 * @param models rewrites and priorities of all pools; null before the first compilation
 * @param modelReads what was asked for them
 * @param poolServers endpoints and picker of each pool
 * @param pools pools by key
 * @param routes each route; empty when it names no Gateway of ours
 * @param places routes by listener, also of those that don't serve
 * @param users Gateways by the pool that their routes name
 * @param listeners routes of each listener that serves, compiled
 * @param baseModels what each ConfigMap says of base models
 * @param allBaseModels all base models; null before the first compilation
 * @param headerRules header expressions, compiled
 * @param poolStatuses statuses of pools
 * @param otherStatuses statuses of Gateways, their classes and policies
 */
record Reuse(
        ObjectSet objects,
        CompileOptions options,
        Labels labels,
        Services services,
        Map<ObjectName, GatewayPlan> gateways,
        Map<ListenersOf, Offer> offers,
        @Nullable Memo<List<?>, ModelSettings> models,
        Readers<String> modelReads,
        Memos<InferencePool, Servers> poolServers,
        PersistentMap<ObjectKey, CompiledPool> pools,
        Memos<HttpRoute, Optional<AttachedRoute>> routes,
        PersistentMap<Name, PersistentMap<ObjectKey, Place>> places,
        PoolUsers users,
        Map<Name, ListenerRoutes> listeners,
        Memos<ConfigMap, Optional<BaseModelCompiler.Named>> baseModels,
        @Nullable Memo<Memos<ConfigMap, Optional<BaseModelCompiler.Named>>, BaseModels>
                allBaseModels,
        Map<HeaderExpression, HeaderRule> headerRules,
        PersistentMap<ObjectKey, PoolStatus> poolStatuses,
        List<Status> otherStatuses) {

    /** Nothing. */
    static final Reuse NONE =
            new Reuse(
                    ObjectSet.EMPTY,
                    CompileOptions.NONE,
                    Labels.NONE,
                    Services.NONE,
                    Map.of(),
                    Map.of(),
                    null,
                    Readers.none(),
                    Memos.none(),
                    PersistentMap.empty(),
                    Memos.none(),
                    PersistentMap.empty(),
                    PoolUsers.NONE,
                    Map.of(),
                    Memos.none(),
                    null,
                    Map.of(),
                    PersistentMap.empty(),
                    List.of());
}
