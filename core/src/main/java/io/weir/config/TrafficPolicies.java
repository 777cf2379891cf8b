package io.weir.config;

import io.weir.resource.BackendTrafficPolicy;
import io.weir.resource.ClientTrafficPolicy;
import io.weir.resource.Gateway;
import io.weir.resource.HttpRoute;
import io.weir.resource.ObjectName;
import io.weir.resource.ObjectSet;
import io.weir.resource.ParentRef;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Limits and timeouts from traffic policies. A policy for a listener or rule replaces that of its
 * Gateway or route as a whole, also where it is silent; a rule's own timeout goes before all.
 */
final class TrafficPolicies {

    private final CompileOptions options;
    private final PolicyTargets<ClientTrafficPolicy> client;
    private final PolicyTargets<BackendTrafficPolicy> backend;

    TrafficPolicies(ObjectSet objects, CompileOptions options, ProblemLog problems) {
        this.options = options;
        this.client =
                new PolicyTargets<>(
                        objects.all(ClientTrafficPolicy.class),
                        ClientTrafficPolicy::targetRefs,
                        ref -> exists(objects, ref),
                        problems);
        this.backend =
                new PolicyTargets<>(
                        objects.all(BackendTrafficPolicy.class),
                        BackendTrafficPolicy::targetRefs,
                        ref -> exists(objects, ref),
                        problems);
    }

    /** Returns the most bytes of a request body at a listener. */
    long bodyLimitBytes(ObjectName gateway, String listener) {
        ClientTrafficPolicy policy = client.get("Gateway", gateway, listener);
        if (policy == null) {
            policy = client.get("Gateway", gateway, null);
        }
        return policy == null || policy.bufferLimitBytes() == null
                ? options.defaultBodyLimitBytes()
                : policy.bufferLimitBytes();
    }

    /** Returns the time for a whole request to a rule at a listener; zero for no limit. */
    Duration requestTimeout(ObjectName gateway, String listener, HttpRoute route, int rule) {
        HttpRoute.Rule written = route.rules().get(rule);
        if (written.timeouts().request() != null) {
            return written.timeouts().request();
        }
        ObjectName name = route.metadata().objectName();
        BackendTrafficPolicy policy =
                Stream.of(
                                section("HTTPRoute", name, written.name()),
                                backend.get("HTTPRoute", name, null),
                                section("Gateway", gateway, listener),
                                backend.get("Gateway", gateway, null))
                        .filter(Objects::nonNull)
                        .findFirst()
                        .orElse(null);
        return policy == null || policy.requestTimeout() == null
                ? Duration.ofMillis(options.defaultRequestTimeoutMillis())
                : policy.requestTimeout();
    }

    /** Returns everything that request timeouts come from. */
    Timeouts timeouts() {
        return new Timeouts(options.defaultRequestTimeoutMillis(), backend);
    }

    List<Status> statuses() {
        List<Status> statuses = new ArrayList<>(client.statuses());
        statuses.addAll(backend.statuses());
        return statuses;
    }

    private @Nullable BackendTrafficPolicy section(
            String kind, ObjectName name, @Nullable String section) {
        return section == null ? null : backend.get(kind, name, section);
    }

    static boolean exists(ObjectSet objects, ParentRef ref) {
        String section = ref.sectionName();
        return switch (ref.kind()) {
            case "Gateway" ->
                    objects.find(Gateway.class, ref.objectName())
                            .filter(gateway -> section == null || hasListener(gateway, section))
                            .isPresent();
            case "HTTPRoute" ->
                    objects.find(HttpRoute.class, ref.objectName())
                            .filter(route -> section == null || hasRule(route, section))
                            .isPresent();
            default -> false;
        };
    }

    /** What request timeouts come from; equal ones give every rule the same. */
    record Timeouts(long defaultMillis, PolicyTargets<BackendTrafficPolicy> policies) {}

    private static boolean hasListener(Gateway gateway, String name) {
        return gateway.listeners().stream().anyMatch(listener -> listener.name().equals(name));
    }

    private static boolean hasRule(HttpRoute route, String name) {
        return route.rules().stream().anyMatch(rule -> name.equals(rule.name()));
    }
}
