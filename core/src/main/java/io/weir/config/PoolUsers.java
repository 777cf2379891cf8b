package io.weir.config;

import io.weir.collection.PersistentMap;
import io.weir.config.GatewayPlan.Ref;
import io.weir.config.RoutePlan.Parent;
import io.weir.resource.ObjectKey;

import org.jspecify.annotations.Nullable;

import java.util.Comparator;
import java.util.List;
import java.util.Set;

/** Which Gateways have how many routes to each pool. Immutable. */
final class PoolUsers {

    static final PoolUsers NONE = new PoolUsers(PersistentMap.empty());

    private static final Comparator<PoolUser> BY_NAME =
            Comparator.comparing((PoolUser user) -> user.gateway().name())
                    .thenComparing(user -> user.gateway().controllerName());

    private final PersistentMap<ObjectKey, PersistentMap<Ref, Count>> byPool;

    private PoolUsers(PersistentMap<ObjectKey, PersistentMap<Ref, Count>> byPool) {
        this.byPool = byPool;
    }

    /**
     * Returns the users after a change of a route.
     *
     * @param before the route before; null when it is new
     * @param now the route now; null when it is gone
     * @param touched takes the pools that the route names or named
     */
    PoolUsers replaced(
            @Nullable AttachedRoute before, @Nullable AttachedRoute now, Set<ObjectKey> touched) {
        PersistentMap<ObjectKey, PersistentMap<Ref, Count>> next = byPool;
        next = before == null ? next : added(next, before, -1, touched);
        next = now == null ? next : added(next, now, 1, touched);
        return new PoolUsers(next);
    }

    private static PersistentMap<ObjectKey, PersistentMap<Ref, Count>> added(
            PersistentMap<ObjectKey, PersistentMap<Ref, Count>> map,
            AttachedRoute route,
            int sign,
            Set<ObjectKey> touched) {
        PersistentMap<ObjectKey, PersistentMap<Ref, Count>> next = map;
        for (Parent parent : route.plan().parents()) {
            boolean accepted = parent.refusal() == null && route.route().isUsable();
            for (ObjectKey pool : route.route().pools()) {
                touched.add(pool);
                PersistentMap<Ref, Count> users = next.get(pool);
                users = users == null ? PersistentMap.empty() : users;
                users = added(users, parent.gateway(), new Count(sign, accepted ? sign : 0));
                next = users.isEmpty() ? next.without(pool) : next.with(pool, users);
            }
        }
        return next;
    }

    private static PersistentMap<Ref, Count> added(
            PersistentMap<Ref, Count> users, Ref gateway, Count further) {
        Count before = users.get(gateway);
        Count now = before == null ? further : before.plus(further);
        return now.routes == 0 ? users.without(gateway) : users.with(gateway, now);
    }

    /** Returns the users of a pool, in the order of their names. */
    List<PoolUser> of(ObjectKey pool) {
        PersistentMap<Ref, Count> users = byPool.get(pool);
        return users == null
                ? List.of()
                : users.entrySet().stream()
                        .map(user -> new PoolUser(user.getKey(), user.getValue().accepted > 0))
                        .sorted(BY_NAME)
                        .toList();
    }

    /**
     * Routes of a Gateway.
     *
     * @param routes references to the Gateway of routes that name the pool
     * @param accepted those among them that are accepted
     */
    private record Count(int routes, int accepted) {
        Count plus(Count other) {
            return new Count(routes + other.routes, accepted + other.accepted);
        }
    }
}
