package io.weir.config;

import io.weir.config.GatewayPlan.Refusal;
import io.weir.resource.HttpRoute;
import io.weir.resource.HttpRoute.BackendRef;
import io.weir.resource.ObjectKey;
import io.weir.resource.ObjectName;
import io.weir.resource.Service;
import io.weir.routing.Backend;

import org.jspecify.annotations.Nullable;

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

    private final Facts facts;
    private final PoolFinder poolFinder;

    BackendResolver(Facts facts, ProblemLog problems) {
        this.facts = facts;
        this.poolFinder = new PoolFinder(key -> facts.pool(key).isPresent(), problems);
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
        Optional<ObjectKey> pool = poolFinder.find(route, field + ".group", ref.group(), name);
        ObjectKey key = pool.orElse(PoolFinder.key(ref.group(), name));
        if (!facts.permits(route, key)
                && !facts.permits(route, PoolFinder.key(ref.group(), name))) {
            return notPermitted(key);
        }
        return pool.isEmpty()
                ? Resolved.not(Conditions.BACKEND_NOT_FOUND, key + " does not exist")
                : pool(facts.pool(key).orElseThrow());
    }

    private static Resolved pool(CompiledPool.Use pool) {
        ObjectKey key = pool.key();
        return switch (pool.appProtocol()) {
            case HTTP -> new Resolved(pool.backend(), null, key);
            case H2C -> {
                String message = key + ": appProtocol " + Conditions.H2C_IS_NOT_SPOKEN;
                var refusal = new Refusal(Conditions.UNSUPPORTED_PROTOCOL, message);
                yield new Resolved(new Backend.Unresolved(message), refusal, key);
            }
        };
    }

    private Resolved service(HttpRoute route, BackendRef ref) {
        ObjectKey key = new ObjectKey("", "Service", ref.namespace(), ref.name());
        if (!facts.permits(route, key)) {
            return notPermitted(key);
        }
        Optional<Service> service = facts.find(Service.class, ref.objectName());
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
        var question = new Question.ServicePort(name, port.port());
        return new Resolved(Objects.requireNonNull(facts.ask(question)), null, null);
    }

    private static Resolved notPermitted(ObjectKey key) {
        return Resolved.not(
                Conditions.REF_NOT_PERMITTED,
                key + " (expected: a ReferenceGrant in namespace " + key.namespace() + ")");
    }

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
