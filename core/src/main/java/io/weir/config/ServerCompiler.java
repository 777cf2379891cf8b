package io.weir.config;

import io.weir.config.AttachedRoute.Place;
import io.weir.config.GatewayPlan.ListenerPlan;
import io.weir.model.BaseModels;
import io.weir.model.ReachableModels;
import io.weir.picker.Endpoint;
import io.weir.resource.HttpRoute;
import io.weir.resource.ObjectName;
import io.weir.routing.Backend;
import io.weir.routing.HeaderRule;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Puts attached routes into listeners and listeners into servers. */
final class ServerCompiler {

    private final TrafficPolicies traffic;
    private final HeaderPolicies headers;
    private final BaseModels baseModels;
    private final IdentityHashMap<ListenerPlan, List<Place>> places;
    private final Map<Name, ListenerRoutes> before;
    private final Map<Name, ListenerRoutes> routes = new HashMap<>();

    ServerCompiler(
            TrafficPolicies traffic,
            HeaderPolicies headers,
            BaseModels baseModels,
            IdentityHashMap<ListenerPlan, List<Place>> places,
            Map<Name, ListenerRoutes> before) {
        this.traffic = traffic;
        this.headers = headers;
        this.baseModels = baseModels;
        this.places = places;
        this.before = before;
    }

    /** Sorts attached routes by listener. */
    static IdentityHashMap<ListenerPlan, List<Place>> places(
            Memos<HttpRoute, Optional<AttachedRoute>> routes) {
        IdentityHashMap<ListenerPlan, List<Place>> places = new IdentityHashMap<>();
        routes.forEach((_, route) ->
                route.ifPresent(found ->
                        found.places()
                                .forEach(place ->
                                        places.computeIfAbsent(
                                                        place.listener(), _ -> new ArrayList<>())
                                                .add(place))));
        return places;
    }

    int attachedRoutes(ListenerPlan listener) {
        return places.getOrDefault(listener, List.of()).size();
    }

    /** Returns one server for each address and port with a listener that can serve. */
    List<Server> servers(List<GatewayPlan> gateways) {
        Map<Binding, List<Listener>> listeners = new TreeMap<>();
        for (GatewayPlan gateway : gateways) {
            for (ListenerPlan plan : gateway.listeners()) {
                if (plan.serves()) {
                    listeners
                            .computeIfAbsent(
                                    new Binding(plan.address(), plan.port()),
                                    _ -> new ArrayList<>())
                            .add(listener(plan));
                }
            }
        }
        return listeners.entrySet().stream().map(ServerCompiler::server).toList();
    }

    /** Returns the routes of all listeners that serve, for the next compilation. */
    Map<Name, ListenerRoutes> routes() {
        return routes;
    }

    private static Server server(Map.Entry<Binding, List<Listener>> entry) {
        List<Listener> sorted = new ArrayList<>(entry.getValue());
        sorted.sort(Comparator.comparing(Listener::hostname, Hostnames.MOST_SPECIFIC_FIRST));
        return new Server(
                entry.getKey().address(), entry.getKey().port(), Server.Protocol.HTTP, sorted);
    }

    private Listener listener(ListenerPlan plan) {
        ObjectName gateway = plan.gateway().metadata().objectName();
        String name = plan.spec().name();
        List<HeaderRule> headerRules = headers.rules(gateway, name);
        ListenerRoutes mine = routes(new Name(gateway, name), plan, headerRules);
        return new Listener(
                gateway,
                name,
                plan.spec().hostname(),
                mine.table(),
                baseModels,
                headerRules,
                traffic.bodyLimitBytes(gateway, name),
                mine.backends(),
                models(mine));
    }

    private ListenerRoutes routes(Name name, ListenerPlan plan, List<HeaderRule> headerRules) {
        List<String> bodyHeaders = headerRules.stream().map(HeaderRule::header).toList();
        List<Place> attached = places.getOrDefault(plan, List.of());
        ListenerRoutes next = ListenerRoutes.of(before.get(name), attached, traffic, bodyHeaders);
        routes.put(name, next);
        return next;
    }

    private ReachableModels models(ListenerRoutes mine) {
        Set<String> aliases = new HashSet<>();
        Set<Endpoint> endpoints = new LinkedHashSet<>();
        for (Backend backend : mine.backends()) {
            endpoints.addAll(backend.endpoints());
            if (backend instanceof Backend.ToPool(var pool)) {
                aliases.addAll(pool.rewrites().aliases());
            }
        }
        return new ReachableModels(mine.models(), baseModels, aliases, List.copyOf(endpoints));
    }

    /** A listener's name. */
    record Name(ObjectName gateway, String listener) {}

    private record Binding(String address, int port) implements Comparable<Binding> {
        @Override
        public int compareTo(Binding other) {
            int order = address.compareTo(other.address);
            return order != 0 ? order : Integer.compare(port, other.port);
        }
    }
}
