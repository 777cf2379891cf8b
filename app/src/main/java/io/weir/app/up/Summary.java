package io.weir.app.up;

import io.weir.app.simulated.SimulatedServers;
import io.weir.config.Listener;
import io.weir.config.Server;
import io.weir.config.Snapshot;
import io.weir.config.Status;
import io.weir.picker.Endpoint;
import io.weir.resource.Deployment;
import io.weir.resource.HttpRoute;
import io.weir.resource.ObjectKey;
import io.weir.resource.ObjectSet;
import io.weir.routing.Pool;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What is running, for people.
 *
 * @param lines gateways, routes, pools with their servers
 * @param requests commands that try it out
 * @param ready the one line that says that all listeners serve
 */
public record Summary(List<String> lines, List<String> requests, String ready) {

    private static final int MOST_ROUTES = 20;

    public Summary {
        lines = List.copyOf(lines);
        requests = List.copyOf(requests);
    }

    static Summary of(
            Configuration configuration,
            SimulatedServers simulated,
            List<InetSocketAddress> addresses,
            int adminPort,
            List<String> api) {
        Snapshot snapshot = configuration.compilation().snapshot();
        ObjectSet objects = configuration.manifests().objects();
        List<String> lines = new ArrayList<>();
        lines.addAll(section("Gateways", gateways(snapshot)));
        lines.addAll(section("HTTPRoutes", routes(objects)));
        lines.addAll(section("InferencePools", pools(configuration)));
        lines.addAll(section("Rewrites", RewriteText.of(snapshot)));
        lines.addAll(section("Simulated", simulated(objects, simulated)));
        lines.add("Admin: http://127.0.0.1:" + adminPort + "  (/readyz /metrics /config)");
        lines.addAll(api);
        List<String> urls = addresses.stream().map(Addresses::url).toList();
        String url = urls.isEmpty() ? "" : urls.getFirst();
        return new Summary(
                lines,
                urls.isEmpty()
                        ? List.of()
                        : new SampleRequests(url, snapshot)
                                .commands(simulated.deployments().models()),
                "ready: " + (urls.isEmpty() ? "no listeners" : String.join(" ", urls)));
    }

    private static List<String> section(String title, List<String> lines) {
        if (lines.isEmpty()) {
            return List.of();
        }
        List<String> section = new ArrayList<>();
        section.add(title);
        lines.forEach(line -> section.add("  " + line));
        return section;
    }

    private static List<String> gateways(Snapshot snapshot) {
        List<String> lines = new ArrayList<>();
        for (Server server : snapshot.servers()) {
            for (Listener listener : server.listeners()) {
                String host = listener.hostname() == null ? "" : "  host " + listener.hostname();
                lines.add(
                        listener.gateway()
                                + "  listener "
                                + listener.name()
                                + "  "
                                + Addresses.authority(server.address(), server.port())
                                + host);
            }
        }
        return lines;
    }

    private static List<String> routes(ObjectSet objects) {
        List<String> lines = new ArrayList<>();
        for (HttpRoute route : objects.all(HttpRoute.class)) {
            for (HttpRoute.Rule rule : route.rules()) {
                lines.add(route.metadata().objectName() + "  " + RuleText.of(rule));
            }
        }
        if (lines.size() > MOST_ROUTES) {
            int more = lines.size() - MOST_ROUTES;
            lines.subList(MOST_ROUTES, lines.size()).clear();
            lines.add("and " + more + " more rules, see /config");
        }
        return lines;
    }

    private static List<String> pools(Configuration configuration) {
        Map<ObjectKey, String> pickers = pickers(configuration.compilation().statuses());
        return configuration.compilation().snapshot().pools().values().stream()
                .sorted(Comparator.comparing(pool -> pool.key().toString()))
                .map(pool -> pool(pool) + pickers.getOrDefault(pool.key(), ""))
                .toList();
    }

    /** Returns what statuses tell of the pickers that pools name. */
    private static Map<ObjectKey, String> pickers(List<Status> statuses) {
        Map<ObjectKey, String> pickers = new HashMap<>();
        for (Status status : statuses) {
            if (status.object().kind().equals("InferencePool")) {
                status.parents().stream()
                        .flatMap(parent -> parent.conditions().stream())
                        .filter(condition -> condition.type().equals("ResolvedRefs"))
                        .filter(condition -> !condition.message().isEmpty())
                        .findFirst()
                        .ifPresent(found -> pickers.put(status.object(), "  " + found.message()));
            }
        }
        return pickers;
    }

    private static String pool(Pool pool) {
        List<Endpoint> endpoints = pool.endpoints();
        String addresses =
                endpoints.stream()
                        .limit(4)
                        .map(Endpoint::authority)
                        .collect(Collectors.joining(" "));
        return pool.key().objectName()
                + "  "
                + (endpoints.size() == 1 ? "1 endpoint" : endpoints.size() + " endpoints")
                + (endpoints.isEmpty() ? "" : "  " + addresses)
                + (endpoints.size() > 4 ? " ..." : "");
    }

    private static List<String> simulated(ObjectSet objects, SimulatedServers simulated) {
        List<String> lines = new ArrayList<>();
        for (Deployment deployment : objects.all(Deployment.class)) {
            if (simulated.isSimulated(deployment)) {
                boolean real = simulated.standsForReal(deployment);
                String image = deployment.podSpec().containers().getFirst().image();
                lines.add(
                        deployment.key()
                                + "  "
                                + (deployment.replicas() == 1
                                        ? "1 replica"
                                        : deployment.replicas() + " replicas")
                                + (real ? "  in place of the real " + image : ""));
            }
        }
        return lines;
    }
}
