package io.weir.config;

import io.weir.config.GatewayPlan.Name;
import io.weir.config.RoutePlan.Attachment;
import io.weir.config.RoutePlan.Parent;
import io.weir.resource.HttpRoute;
import io.weir.routing.RouteSource;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A compiled route with the listeners that it attaches to.
 *
 * @param plan its references to Gateways
 * @param compiled the route, compiled
 * @param status its status
 * @param places each listener that it attaches to, once
 */
record AttachedRoute(
        RoutePlan plan,
        Memo<HttpRoute, CompiledRoute> compiled,
        Status status,
        Map<Name, Place> places) {

    /**
     * Attaches a route.
     *
     * @param before what it was before; null when it is new
     */
    static AttachedRoute of(
            RoutePlan plan,
            Memo<HttpRoute, CompiledRoute> compiled,
            @Nullable AttachedRoute before) {
        Map<Name, Place> places = new HashMap<>();
        for (Parent parent : plan.parents()) {
            for (Attachment at : parent.attachments()) {
                Name name = at.listener().name();
                Place place = new Place(compiled.result(), at.hostnames());
                Place known = before == null ? null : before.places.get(name);
                places.putIfAbsent(name, known != null && known.isSame(place) ? known : place);
            }
        }
        Status status = StatusCompiler.of(plan, compiled.result());
        return new AttachedRoute(
                plan,
                compiled,
                before == null ? status : Statuses.kept(before.status, status),
                Map.copyOf(places));
    }

    /** Returns the route, compiled. */
    CompiledRoute route() {
        return compiled.result();
    }

    /**
     * A route at a listener.
     *
     * @param route the route
     * @param hostnames the route's host names that the listener can have; empty for all
     */
    record Place(CompiledRoute route, List<String> hostnames) {

        private boolean isSame(Place other) {
            return Memo.same(route, other.route) && hostnames.equals(other.hostnames);
        }

        /** Returns the route for the table of the listener, with the timeouts in force there. */
        RouteSource source(Name listener, TrafficPolicies traffic) {
            var object = route.route();
            List<RouteSource.Rule> rules =
                    route.rules().stream()
                            .map(rule ->
                                    new RouteSource.Rule(
                                            rule.rule()
                                                    .withRequestTimeout(
                                                            traffic.requestTimeout(
                                                                    listener.gateway(),
                                                                    listener.listener(),
                                                                    object,
                                                                    rule.rule().index())),
                                            rule.matches()))
                            .toList();
            return new RouteSource(
                    object.metadata().objectName(),
                    object.metadata().createdAt(),
                    hostnames,
                    rules);
        }
    }
}
