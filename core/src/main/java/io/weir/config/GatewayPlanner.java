package io.weir.config;

import io.weir.config.GatewayPlan.ListenerPlan;
import io.weir.config.GatewayPlan.Refusal;
import io.weir.resource.Gateway;
import io.weir.resource.Gateway.Listener;
import io.weir.resource.Gateway.ParametersRef;
import io.weir.resource.Gateway.RouteKind;
import io.weir.resource.GatewayClass;
import io.weir.resource.ObjectKey;
import io.weir.resource.ObjectName;
import io.weir.resource.ObjectSet;
import io.weir.resource.Secret;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Finds the Gateways that are ours and judges their listeners.
 *
 * <p>Gateways with the same address share ports. Of listeners that can't be told apart the first
 * one serves: the one of the older Gateway, or the first in a Gateway's list.
 */
final class GatewayPlanner {

    private static final int MAX_PORT = 65_535;
    private static final Set<String> ADDRESS_TYPES = Set.of("IPAddress", "Hostname");
    private static final RouteKind HTTP_ROUTE = new RouteKind(GatewayPlan.GROUP, "HTTPRoute");

    private final ObjectSet objects;
    private final CompileOptions options;
    private final Facts facts;
    private final ProblemLog problems;
    private final Map<Binding, Claim> protocols = new HashMap<>();
    private final Map<HostBinding, Claim> hostnames = new HashMap<>();

    GatewayPlanner(Facts facts, ProblemLog problems) {
        this.objects = facts.objects();
        this.options = facts.options();
        this.facts = facts;
        this.problems = problems;
    }

    /** Returns our Gateways, the oldest first. */
    List<GatewayPlan> plan() {
        List<GatewayPlan> plans = new ArrayList<>();
        for (Gateway gateway : Precedence.oldestFirst(objects.all(Gateway.class))) {
            controllerOf(gateway).ifPresent(name -> plans.add(plan(gateway, name)));
        }
        return plans;
    }

    /** Returns the controller of the Gateway's class when that class is ours. */
    private Optional<String> controllerOf(Gateway gateway) {
        ObjectName name = new ObjectName("", gateway.gatewayClassName());
        Optional<GatewayClass> found = objects.find(GatewayClass.class, name);
        if (found.isPresent()) {
            return found.filter(options.adopts()).map(GatewayClass::controllerName);
        }
        if (options.implicitClass()) {
            return Optional.of(CompileOptions.CONTROLLER_NAME);
        }
        problems.warning(
                gateway,
                "spec.gatewayClassName",
                gateway.gatewayClassName() + " (expected: an existing GatewayClass)");
        return Optional.empty();
    }

    private GatewayPlan plan(Gateway gateway, String controllerName) {
        Refusal refusal = refusal(gateway);
        if (refusal != null) {
            problems.error(gateway, "spec", refusal.message());
        }
        String address = refusal == null ? options.addresses().of(gateway) : "";
        Refusal unaddressed = refusal == null ? unaddressed(gateway, address) : null;
        if (unaddressed != null) {
            problems.warning(gateway, "spec.addresses", unaddressed.message());
        }
        List<ListenerPlan> listeners = new ArrayList<>();
        for (int i = 0; i < gateway.listeners().size(); i++) {
            listeners.add(plan(gateway, i, address));
        }
        return new GatewayPlan(gateway, controllerName, address, refusal, unaddressed, listeners);
    }

    private static @Nullable Refusal refusal(Gateway gateway) {
        ParametersRef parameters = gateway.parametersRef();
        if (parameters != null) {
            return new Refusal(
                    Conditions.INVALID_PARAMETERS,
                    "infrastructure.parametersRef: "
                            + parameters.kind()
                            + " "
                            + parameters.name()
                            + " (expected: none, for Gateways of this class take no parameters)");
        }
        return gateway.addresses().stream()
                .filter(wanted -> !ADDRESS_TYPES.contains(wanted.type()))
                .findFirst()
                .map(wanted ->
                        new Refusal(
                                Conditions.UNSUPPORTED_ADDRESS,
                                "addresses: type "
                                        + wanted.type()
                                        + " (expected: IPAddress or Hostname)"))
                .orElse(null);
    }

    private @Nullable Refusal unaddressed(Gateway gateway, String address) {
        if (address.isEmpty()) {
            return new Refusal(
                    Conditions.ADDRESS_NOT_ASSIGNED, "not served: no address is left for it");
        }
        return gateway.addresses().stream()
                .map(Gateway.Address::value)
                .filter(wanted -> !wanted.isEmpty())
                .filter(wanted -> !options.addresses().reach(gateway, wanted))
                .findFirst()
                .map(wanted ->
                        new Refusal(
                                Conditions.ADDRESS_NOT_USABLE,
                                wanted + " has no effect (listeners are bound to " + address + ")"))
                .orElse(null);
    }

    private ListenerPlan plan(Gateway gateway, int index, String address) {
        Listener listener = gateway.listeners().get(index);
        String field = "spec.listeners[" + index + "]";
        List<RouteKind> kinds = kinds(listener);
        Refusal refusal = refusal(gateway, listener, address);
        Refusal unresolved = unresolved(gateway, listener);
        if (refusal != null) {
            problems.warning(gateway, field, listener.name() + ": " + refusal.message());
        }
        if (unresolved != null) {
            problems.warning(gateway, field, listener.name() + ": " + unresolved.message());
        }
        int port = listener.port() + options.portOffset();
        return new ListenerPlan(
                gateway.metadata().objectName(),
                listener,
                address,
                port,
                kinds,
                refusal,
                unresolved);
    }

    private static List<RouteKind> kinds(Listener listener) {
        List<RouteKind> supported =
                switch (listener.protocol()) {
                    case "HTTP", "HTTPS" -> List.of(HTTP_ROUTE);
                    default -> List.of();
                };
        List<RouteKind> allowed = listener.allowedRoutes().kinds();
        return allowed.isEmpty()
                ? supported
                : allowed.stream().filter(supported::contains).distinct().toList();
    }

    private @Nullable Refusal refusal(Gateway gateway, Listener listener, String address) {
        if (!listener.protocol().equals("HTTP") && !listener.protocol().equals("HTTPS")) {
            return new Refusal(
                    Conditions.UNSUPPORTED_PROTOCOL,
                    "protocol " + listener.protocol() + " (expected: HTTP)");
        }
        if (listener.port() + options.portOffset() > MAX_PORT) {
            return new Refusal(
                    Conditions.PORT_UNAVAILABLE,
                    "port "
                            + (listener.port() + options.portOffset())
                            + ", offset included (expected: at most "
                            + MAX_PORT
                            + ")");
        }
        Refusal conflict = address.isEmpty() ? null : conflict(gateway, listener, address);
        if (conflict == null && listener.protocol().equals("HTTPS")) {
            return new Refusal(
                    Conditions.UNSUPPORTED_PROTOCOL, "TLS is not served yet (expected: HTTP)");
        }
        return conflict;
    }

    private @Nullable Refusal conflict(Gateway gateway, Listener listener, String address) {
        Claim claim =
                new Claim(gateway.metadata().objectName(), listener.name(), listener.protocol());
        Binding binding = new Binding(address, listener.port());
        Claim first = protocols.putIfAbsent(binding, claim);
        if (first != null && !first.protocol.equals(listener.protocol())) {
            return new Refusal(
                    Conditions.PROTOCOL_CONFLICT,
                    "port " + listener.port() + " speaks " + first.protocol + " for " + first);
        }
        HostBinding host = new HostBinding(binding, listener.hostname());
        Claim same = hostnames.putIfAbsent(host, claim);
        return same == null
                ? null
                : new Refusal(
                        Conditions.HOSTNAME_CONFLICT,
                        (listener.hostname() == null ? "every host" : listener.hostname())
                                + " on port "
                                + listener.port()
                                + " belongs to "
                                + same);
    }

    private @Nullable Refusal unresolved(Gateway gateway, Listener listener) {
        List<RouteKind> allowed = listener.allowedRoutes().kinds();
        if (!allowed.stream().allMatch(HTTP_ROUTE::equals)) {
            return new Refusal(
                    Conditions.INVALID_ROUTE_KINDS,
                    "allowedRoutes.kinds names kinds other than HTTPRoute");
        }
        if (!listener.protocol().equals("HTTPS") || listener.tls() == null) {
            return null;
        }
        return listener.tls().certificateRefs().stream()
                .flatMap(ref -> badCertificate(gateway, ref).stream())
                .findFirst()
                .orElse(null);
    }

    private Optional<Refusal> badCertificate(Gateway gateway, Gateway.SecretRef ref) {
        ObjectKey key = new ObjectKey(ref.group(), ref.kind(), ref.namespace(), ref.name());
        if (!ref.group().isEmpty() || !ref.kind().equals("Secret")) {
            return Optional.of(
                    new Refusal(Conditions.INVALID_CERTIFICATE_REF, key + " (expected: a Secret)"));
        }
        if (!facts.permits(gateway, key)) {
            return Optional.of(
                    new Refusal(
                            Conditions.REF_NOT_PERMITTED,
                            key + " (expected: a ReferenceGrant in " + ref.namespace() + ")"));
        }
        Optional<Secret> secret = objects.find(Secret.class, key.objectName());
        if (secret.isEmpty()) {
            return Optional.of(
                    new Refusal(Conditions.INVALID_CERTIFICATE_REF, key + " does not exist"));
        }
        return Certificates.arePresent(secret.get())
                ? Optional.empty()
                : Optional.of(
                        new Refusal(
                                Conditions.INVALID_CERTIFICATE_REF,
                                key + " (expected: tls.crt and tls.key in PEM)"));
    }

    private record Binding(String address, int port) {}

    private record HostBinding(Binding binding, @Nullable String hostname) {}

    private record Claim(ObjectName gateway, String listener, String protocol) {
        @Override
        public String toString() {
            return "listener " + listener + " of Gateway " + gateway;
        }
    }
}
