package io.weir.config;

import io.weir.config.GatewayPlan.Refusal;
import io.weir.resource.HttpRoute;
import io.weir.resource.HttpRoute.BackendRef;
import io.weir.resource.InferencePool;
import io.weir.resource.ObjectKey;
import io.weir.resource.ObjectName;
import io.weir.resource.ObjectSet;
import io.weir.resource.Service;
import io.weir.routing.Backend;
import io.weir.routing.Pool;
import io.weir.split.WeightedChoice;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** Resolves the backends of routes. */
final class BackendResolver {

    private static final Set<String> UNSPOKEN_PROTOCOLS =
            Set.of(
                    "kubernetes.io/h2c",
                    "kubernetes.io/wss",
                    "http2",
                    "h2c",
                    "grpc",
                    "https",
                    "tls");

    private final ObjectSet objects;
    private final Grants grants;
    private final PoolFinder poolFinder;
    private final Map<ObjectKey, Pool> pools;
    private final ServiceEndpoints services;
    private final Map<ServicePort, Backend> resolvedServices = new HashMap<>();
    private final Map<ObjectKey, Backend> resolvedPools = new HashMap<>();

    BackendResolver(
            ObjectSet objects,
            Grants grants,
            PoolFinder poolFinder,
            Map<ObjectKey, Pool> pools,
            ServiceEndpoints services) {
        this.objects = objects;
        this.grants = grants;
        this.poolFinder = poolFinder;
        this.pools = pools;
        this.services = services;
    }

    /**
     * Resolves a reference.
     *
     * @param field the reference's place in the route
     */
    Resolved resolve(HttpRoute route, String field, BackendRef ref) {
        boolean isPool = PoolFinder.isPool(ref.group(), ref.kind());
        boolean isService = ref.group().isEmpty() && ref.kind().equals("Service");
        if (!isPool && !isService) {
            return Resolved.not(
                    Conditions.INVALID_KIND,
                    "kind "
                            + (ref.group().isEmpty() ? "" : ref.group() + "/")
                            + ref.kind()
                            + " (expected: Service or InferencePool)");
        }
        return isPool ? pool(route, field, ref) : service(route, ref);
    }

    private Resolved pool(HttpRoute route, String field, BackendRef ref) {
        ObjectName name = ref.objectName();
        Optional<InferencePool> pool = poolFinder.find(route, field + ".group", ref.group(), name);
        ObjectKey key = pool.map(InferencePool::key).orElse(PoolFinder.key(ref.group(), name));
        if (!grants.permit(route, key)
                && !grants.permit(route, PoolFinder.key(ref.group(), name))) {
            return notPermitted(key);
        }
        return pool.isEmpty()
                ? Resolved.not(Conditions.BACKEND_NOT_FOUND, key + " does not exist")
                : pool(pool.get());
    }

    private Resolved pool(InferencePool pool) {
        ObjectKey key = pool.key();
        return switch (pool.appProtocol()) {
            case HTTP -> new Resolved(resolvedPools.computeIfAbsent(key, this::toPool), null, key);
            case H2C -> {
                String message = key + ": appProtocol " + Conditions.H2C_IS_NOT_SPOKEN;
                var refusal = new Refusal(Conditions.UNSUPPORTED_PROTOCOL, message);
                yield new Resolved(new Backend.Unresolved(message), refusal, key);
            }
        };
    }

    private Backend toPool(ObjectKey key) {
        return new Backend.ToPool(Objects.requireNonNull(pools.get(key)));
    }

    private Resolved service(HttpRoute route, BackendRef ref) {
        ObjectKey key = new ObjectKey("", "Service", ref.namespace(), ref.name());
        if (!grants.permit(route, key)) {
            return notPermitted(key);
        }
        Optional<Service> service = objects.find(Service.class, ref.objectName());
        if (service.isEmpty()) {
            return Resolved.not(Conditions.BACKEND_NOT_FOUND, key + " does not exist");
        }
        if (service.get().type().equals("ExternalName")) {
            return Resolved.not(
                    Conditions.BACKEND_NOT_FOUND,
                    key + " has type ExternalName (expected: a Service with endpoints)");
        }
        return service.get().ports().stream()
                .filter(port -> ref.port() != null && port.port() == ref.port())
                .findFirst()
                .map(port -> service(service.get(), port))
                .orElseGet(() ->
                        Resolved.not(
                                Conditions.BACKEND_NOT_FOUND, key + " has no port " + ref.port()));
    }

    private Resolved service(Service service, Service.Port port) {
        String protocol = port.appProtocol();
        if (protocol != null && UNSPOKEN_PROTOCOLS.contains(protocol)) {
            return Resolved.not(
                    Conditions.UNSUPPORTED_PROTOCOL,
                    service.key()
                            + " port "
                            + port.port()
                            + ": appProtocol "
                            + protocol
                            + " is not spoken yet (expected: http)");
        }
        ObjectName name = service.metadata().objectName();
        Backend backend =
                resolvedServices.computeIfAbsent(
                        new ServicePort(name, port.port()),
                        _ ->
                                new Backend.ToService(
                                        name,
                                        port.port(),
                                        WeightedChoice.equal(services.find(service, port))));
        return new Resolved(backend, null, null);
    }

    private static Resolved notPermitted(ObjectKey key) {
        return Resolved.not(
                Conditions.REF_NOT_PERMITTED,
                key + " (expected: a ReferenceGrant in namespace " + key.namespace() + ")");
    }

    private record ServicePort(ObjectName service, int port) {}

    /**
     * What became of a reference.
     *
     * @param backend the backend; unresolved ones keep their share of the traffic
     * @param refusal why it is unresolved; null when it is not
     * @param pool the pool that was found, even one that can't be used; null for anything else
     */
    record Resolved(Backend backend, @Nullable Refusal refusal, @Nullable ObjectKey pool) {

        static Resolved not(String reason, String message) {
            return new Resolved(
                    new Backend.Unresolved(message), new Refusal(reason, message), null);
        }
    }
}
