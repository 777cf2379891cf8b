package io.weir.config;

import io.weir.config.GatewayPlan.ListenerPlan;
import io.weir.config.RoutePlan.Attachment;
import io.weir.config.RoutePlan.Parent;
import io.weir.resource.HttpRoute.Match;
import io.weir.resource.HttpRoute.MatchType;
import io.weir.routing.Backend;
import io.weir.routing.RouteSource;
import io.weir.routing.RoutingHeaders;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A compiled route with the listeners that it attaches to.
 *
 * @param plan its references to Gateways
 * @param route the route, compiled
 * @param status its status
 * @param places each listener that it attaches to, once
 */
record AttachedRoute(RoutePlan plan, CompiledRoute route, Status status, List<Place> places) {

    /**
     * Attaches a route.
     *
     * @param before what it was before; null when it is new
     */
    static AttachedRoute of(RoutePlan plan, CompiledRoute route, @Nullable AttachedRoute before) {
        Set<Backend> distinct = Collections.newSetFromMap(new IdentityHashMap<>());
        List<Backend> backends = route.backends().filter(distinct::add).toList();
        Set<String> models =
                route.rules().stream()
                        .flatMap(rule -> rule.matches().stream())
                        .flatMap(match -> namedModels(match).stream())
                        .collect(Collectors.toUnmodifiableSet());
        Set<ListenerPlan> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        List<Place> places = new ArrayList<>();
        for (Parent parent : plan.parents()) {
            for (Attachment at : parent.attachments()) {
                if (seen.add(at.listener())) {
                    places.add(new Place(at.listener(), route, at.hostnames(), backends, models));
                }
            }
        }
        Status status = StatusCompiler.of(plan, route);
        return new AttachedRoute(
                plan,
                route,
                before == null ? status : Statuses.kept(before.status, status),
                List.copyOf(places));
    }

    private static List<String> namedModels(Match match) {
        return match.headers().stream()
                .filter(header -> header.type() == MatchType.EXACT)
                .filter(header ->
                        header.name().equalsIgnoreCase(RoutingHeaders.MODEL)
                                || header.name().equalsIgnoreCase(RoutingHeaders.BASE_MODEL))
                .map(header -> header.value())
                .toList();
    }

    /**
     * A route at a listener.
     *
     * @param listener the listener
     * @param route the route
     * @param hostnames the route's host names that the listener can have; empty for all
     * @param backends every backend that some rule can choose or mirror to
     * @param models models and base models that matches name
     */
    record Place(
            ListenerPlan listener,
            CompiledRoute route,
            List<String> hostnames,
            List<Backend> backends,
            Set<String> models) {

        /** Returns the route for the table of the listener, with the timeouts in force there. */
        RouteSource source(TrafficPolicies traffic) {
            var gateway = listener.gateway().metadata().objectName();
            String name = listener.spec().name();
            var object = route.route();
            List<RouteSource.Rule> rules =
                    route.rules().stream()
                            .map(rule ->
                                    new RouteSource.Rule(
                                            rule.rule()
                                                    .withRequestTimeout(
                                                            traffic.requestTimeout(
                                                                    gateway,
                                                                    name,
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
