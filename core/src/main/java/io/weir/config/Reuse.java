package io.weir.config;

import io.weir.config.AttachedRoute.Place;
import io.weir.config.CompiledPool.Servers;
import io.weir.config.GatewayPlan.ListenerPlan;
import io.weir.config.Question.ServicePort;
import io.weir.model.BaseModels;
import io.weir.resource.AgentgatewayPolicy.HeaderExpression;
import io.weir.resource.ConfigMap;
import io.weir.resource.HttpRoute;
import io.weir.resource.InferencePool;
import io.weir.resource.ObjectKey;
import io.weir.resource.ObjectName;
import io.weir.routing.Backend;
import io.weir.routing.HeaderRule;

import org.jspecify.annotations.Nullable;

import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the next compilation can keep of one.
 *
 * @param labels objects by labels
 * @param services backends by port of a Service
 * @param gateways our Gateways
 * @param models rewrites and priorities of all pools; null before the first compilation
 * @param poolServers endpoints and picker of each pool
 * @param pools pools by key
 * @param routes each route; empty when it names no Gateway of ours
 * @param places routes by listener
 * @param users Gateways by the pool that their routes name
 * @param listeners routes of each listener that serves, compiled
 * @param baseModels what each ConfigMap says of base models
 * @param allBaseModels all base models; null before the first compilation
 * @param headerRules header expressions, compiled
 * @param poolStatuses statuses of pools
 * @param otherStatuses statuses of Gateways, their classes and policies
 */
record Reuse(
        Labels labels,
        Map<ServicePort, Memo<ServicePort, Backend>> services,
        Map<ObjectName, GatewayPlan> gateways,
        @Nullable Memo<List<?>, ModelSettings> models,
        Memos<InferencePool, Servers> poolServers,
        Map<ObjectKey, CompiledPool> pools,
        Memos<HttpRoute, Optional<AttachedRoute>> routes,
        IdentityHashMap<ListenerPlan, List<Place>> places,
        Map<ObjectKey, List<PoolUser>> users,
        Map<ServerCompiler.Name, ListenerRoutes> listeners,
        Memos<ConfigMap, Optional<BaseModelCompiler.Named>> baseModels,
        @Nullable Memo<Memos<ConfigMap, Optional<BaseModelCompiler.Named>>, BaseModels>
                allBaseModels,
        Map<HeaderExpression, HeaderRule> headerRules,
        Map<ObjectKey, PoolStatus> poolStatuses,
        List<Status> otherStatuses) {

    /** Nothing. */
    static final Reuse NONE =
            new Reuse(
                    Labels.NONE,
                    Map.of(),
                    Map.of(),
                    null,
                    Memos.none(),
                    Map.of(),
                    Memos.none(),
                    new IdentityHashMap<>(),
                    Map.of(),
                    Map.of(),
                    Memos.none(),
                    null,
                    Map.of(),
                    Map.of(),
                    List.of());
}
