package io.weir.config;

import io.weir.collection.Lazy;
import io.weir.collection.PersistentMap;
import io.weir.config.AttachedRoute.Place;
import io.weir.config.GatewayPlan.ListenerPlan;
import io.weir.config.GatewayPlan.Name;
import io.weir.config.Memos.Change;
import io.weir.model.BaseModels;
import io.weir.model.ReachableModels;
import io.weir.picker.Endpoint;
import io.weir.resource.HttpRoute;
import io.weir.resource.ObjectKey;
import io.weir.routing.Backend;
import io.weir.routing.HeaderRule;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
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
    private final PersistentMap<Name, PersistentMap<ObjectKey, Place>> places;
    private final Map<Name, ListenerRoutes> before;
    private final Map<Name, ListenerRoutes> routes = new HashMap<>();

    ServerCompiler(
            TrafficPolicies traffic,
            HeaderPolicies headers,
            BaseModels baseModels,
            PersistentMap<Name, PersistentMap<ObjectKey, Place>> places,
            Map<Name, ListenerRoutes> before) {
        this.traffic = traffic;
        this.headers = headers;
        this.baseModels = baseModels;
        this.places = places;
        this.before = before;
    }

    /** Returns routes by listener after some of them changed. */
    static PersistentMap<Name, PersistentMap<ObjectKey, Place>> places(
            PersistentMap<Name, PersistentMap<ObjectKey, Place>> before,
            List<Change<HttpRoute, Optional<AttachedRoute>>> changes) {
        PersistentMap<Name, PersistentMap<ObjectKey, Place>> places = before;
        for (Change<HttpRoute, Optional<AttachedRoute>> change : changes) {
            ObjectKey route = change.subject().key();
            Map<Name, Place> old = places(change.before());
            Map<Name, Place> now = places(change.now());
            for (Name listener : old.keySet()) {
                if (!now.containsKey(listener)) {
                    var left = routesOf(places, listener).without(route);
                    places =
                            left.isEmpty() ? places.without(listener) : places.with(listener, left);
                }
            }
            for (Map.Entry<Name, Place> place : now.entrySet()) {
                var all = routesOf(places, place.getKey()).with(route, place.getValue());
                places = places.with(place.getKey(), all);
            }
        }
        return places;
    }

    private static Map<Name, Place> places(
            @Nullable Memo<HttpRoute, Optional<AttachedRoute>> memo) {
        return memo == null ? Map.of() : memo.result().map(AttachedRoute::places).orElse(Map.of());
    }

    private static PersistentMap<ObjectKey, Place> routesOf(
            PersistentMap<Name, PersistentMap<ObjectKey, Place>> places, Name listener) {
        PersistentMap<ObjectKey, Place> routes = places.get(listener);
        return routes == null ? PersistentMap.empty() : routes;
    }

    int attachedRoutes(ListenerPlan listener) {
        return routesOf(places, listener.name()).size();
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
        Name name = plan.name();
        List<HeaderRule> headerRules = headers.rules(name.gateway(), name.listener());
        ListenerRoutes mine = routes(name, headerRules);
        Lazy<List<Backend>> backends = new Lazy<>(mine::backends);
        return new Listener(
                name.gateway(),
                name.listener(),
                plan.spec().hostname(),
                mine.table(),
                baseModels,
                headerRules,
                traffic.bodyLimitBytes(name.gateway(), name.listener()),
                backends,
                new Lazy<>(() -> models(mine.models(), baseModels, backends.get())));
    }

    private ListenerRoutes routes(Name name, List<HeaderRule> headerRules) {
        List<String> bodyHeaders = headerRules.stream().map(HeaderRule::header).toList();
        PersistentMap<ObjectKey, Place> attached = routesOf(places, name);
        ListenerRoutes next =
                ListenerRoutes.of(before.get(name), name, attached, traffic, bodyHeaders);
        routes.put(name, next);
        return next;
    }

    private static ReachableModels models(
            Set<String> named, BaseModels baseModels, List<Backend> backends) {
        Set<String> aliases = new HashSet<>();
        Set<Endpoint> endpoints = new LinkedHashSet<>();
        for (Backend backend : backends) {
            endpoints.addAll(backend.endpoints());
            if (backend instanceof Backend.ToPool to) {
                aliases.addAll(to.pool().rewrites().aliases());
            }
        }
        return new ReachableModels(named, baseModels, aliases, List.copyOf(endpoints));
    }

    private record Binding(String address, int port) implements Comparable<Binding> {
        @Override
        public int compareTo(Binding other) {
            int order = address.compareTo(other.address);
            return order != 0 ? order : Integer.compare(port, other.port);
        }
    }
}
