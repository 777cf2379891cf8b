package io.weir.config;

import io.weir.config.GatewayPlan.ListenerPlan;
import io.weir.config.RoutePlan.Attachment;
import io.weir.model.BaseModels;
import io.weir.model.ReachableModels;
import io.weir.picker.Endpoint;
import io.weir.resource.HttpRoute.Match;
import io.weir.resource.HttpRoute.MatchType;
import io.weir.resource.ObjectName;
import io.weir.routing.Backend;
import io.weir.routing.HeaderRule;
import io.weir.routing.IndexedRouteTable;
import io.weir.routing.RouteRule;
import io.weir.routing.RouteSource;
import io.weir.routing.RouteTable;
import io.weir.routing.RoutingHeaders;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Puts attached routes into listeners and listeners into servers. */
final class ServerCompiler {

    private final TrafficPolicies traffic;
    private final HeaderPolicies headers;
    private final BaseModels baseModels;
    private final IdentityHashMap<ListenerPlan, List<Attached>> attached = new IdentityHashMap<>();

    ServerCompiler(TrafficPolicies traffic, HeaderPolicies headers, BaseModels baseModels) {
        this.traffic = traffic;
        this.headers = headers;
        this.baseModels = baseModels;
    }

    /** Puts a route into the listeners that it attaches to, once each. */
    void attach(RoutePlan plan, CompiledRoute route) {
        Set<ListenerPlan> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        for (RoutePlan.Parent parent : plan.parents()) {
            for (Attachment attachment : parent.attachments()) {
                if (seen.add(attachment.listener())) {
                    attached.computeIfAbsent(attachment.listener(), _ -> new ArrayList<>())
                            .add(new Attached(route, attachment.hostnames()));
                }
            }
        }
    }

    int attachedRoutes(ListenerPlan listener) {
        return attached.getOrDefault(listener, List.of()).size();
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

    private static Server server(Map.Entry<Binding, List<Listener>> entry) {
        List<Listener> sorted = new ArrayList<>(entry.getValue());
        sorted.sort(Comparator.comparing(Listener::hostname, Hostnames.MOST_SPECIFIC_FIRST));
        return new Server(
                entry.getKey().address(), entry.getKey().port(), Server.Protocol.HTTP, sorted);
    }

    private Listener listener(ListenerPlan plan) {
        ObjectName gateway = plan.gateway().metadata().objectName();
        String name = plan.spec().name();
        List<RouteSource> sources =
                attached.getOrDefault(plan, List.of()).stream()
                        .map(route -> source(gateway, name, route))
                        .toList();
        List<HeaderRule> headerRules = headers.rules(gateway, name);
        List<Backend> backends = backends(plan);
        return new Listener(
                gateway,
                name,
                plan.spec().hostname(),
                table(sources, headerRules),
                baseModels,
                headerRules,
                traffic.bodyLimitBytes(gateway, name),
                backends,
                models(sources, backends));
    }

    private static RouteTable table(List<RouteSource> sources, List<HeaderRule> headerRules) {
        return IndexedRouteTable.of(sources, headerRules.stream().map(HeaderRule::header).toList());
    }

    private RouteSource source(ObjectName gateway, String listener, Attached attached) {
        var route = attached.route.route();
        List<RouteSource.Rule> rules =
                attached.route.rules().stream()
                        .map(rule ->
                                new RouteSource.Rule(
                                        timed(gateway, listener, attached, rule.rule()),
                                        rule.matches()))
                        .toList();
        return new RouteSource(
                route.metadata().objectName(),
                route.metadata().createdAt(),
                attached.hostnames,
                rules);
    }

    private RouteRule timed(
            ObjectName gateway, String listener, Attached attached, RouteRule rule) {
        return rule.withRequestTimeout(
                traffic.requestTimeout(gateway, listener, attached.route.route(), rule.index()));
    }

    private List<Backend> backends(ListenerPlan plan) {
        Set<Backend> distinct = Collections.newSetFromMap(new IdentityHashMap<>());
        return attached.getOrDefault(plan, List.of()).stream()
                .flatMap(route -> route.route.backends())
                .filter(distinct::add)
                .toList();
    }

    private ReachableModels models(List<RouteSource> sources, List<Backend> backends) {
        Set<String> routed =
                sources.stream()
                        .flatMap(source -> source.rules().stream())
                        .flatMap(rule -> rule.matches().stream())
                        .flatMap(match -> namedModels(match).stream())
                        .collect(Collectors.toSet());
        Set<String> aliases = new HashSet<>();
        Set<Endpoint> endpoints = new LinkedHashSet<>();
        for (Backend backend : backends) {
            endpoints.addAll(backend.endpoints());
            if (backend instanceof Backend.ToPool(var pool)) {
                aliases.addAll(pool.rewrites().aliases());
            }
        }
        return new ReachableModels(routed, baseModels, aliases, List.copyOf(endpoints));
    }

    private static Collection<String> namedModels(Match match) {
        return match.headers().stream()
                .filter(header -> header.type() == MatchType.EXACT)
                .filter(header ->
                        header.name().equalsIgnoreCase(RoutingHeaders.MODEL)
                                || header.name().equalsIgnoreCase(RoutingHeaders.BASE_MODEL))
                .map(header -> header.value())
                .toList();
    }

    private record Attached(CompiledRoute route, List<String> hostnames) {}

    private record Binding(String address, int port) implements Comparable<Binding> {
        @Override
        public int compareTo(Binding other) {
            int order = address.compareTo(other.address);
            return order != 0 ? order : Integer.compare(port, other.port);
        }
    }
}
