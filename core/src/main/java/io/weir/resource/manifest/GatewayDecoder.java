package io.weir.resource.manifest;

import io.weir.resource.Gateway;
import io.weir.resource.Gateway.Address;
import io.weir.resource.Gateway.AllowedRoutes;
import io.weir.resource.Gateway.Listener;
import io.weir.resource.Gateway.ParametersRef;
import io.weir.resource.Gateway.RouteKind;
import io.weir.resource.Gateway.SecretRef;
import io.weir.resource.Gateway.Tls;
import io.weir.resource.LabelSelector;
import io.weir.resource.ObjectMeta;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Reads Gateways. */
final class GatewayDecoder {

    private static final Set<String> WITHOUT_TLS = Set.of("HTTP", "TCP", "UDP");
    private static final Set<String> WITHOUT_HOSTNAME = Set.of("TCP", "UDP");

    private GatewayDecoder() {}

    static Gateway decode(ObjectMeta metadata, Fields object) {
        Fields spec = object.requiredObject("spec");
        String className = spec.text("gatewayClassName", TextRule.OBJECT_NAME);
        List<Fields> written = spec.list("listeners", 1, 64);
        List<Listener> listeners = new ArrayList<>();
        for (Fields listener : written) {
            listeners.add(listener(listener, metadata.namespace()));
        }
        checkUnique(written, listeners);
        spec.noEffect("allowedListeners", "defaultScope", "tls");
        return new Gateway(
                metadata,
                className,
                listeners,
                addresses(spec),
                parametersRef(spec.object("infrastructure")));
    }

    private static @Nullable ParametersRef parametersRef(Fields infrastructure) {
        infrastructure.noEffect("labels", "annotations");
        if (!infrastructure.has("parametersRef")) {
            return null;
        }
        Fields ref = infrastructure.object("parametersRef");
        return new ParametersRef(
                ref.text("group", TextRule.GROUP),
                ref.text("kind", TextRule.KIND),
                ref.text("name", TextRule.OBJECT_NAME));
    }

    private static Listener listener(Fields listener, String namespace) {
        String protocol = listener.text("protocol", TextRule.PROTOCOL);
        String hostname = listener.optionalText("hostname", TextRule.HOSTNAME);
        if (hostname != null && WITHOUT_HOSTNAME.contains(protocol)) {
            listener.error(
                    "hostname", "\"" + hostname + "\" (expected: none for " + protocol + ")");
        }
        return new Listener(
                listener.text("name", TextRule.DNS_SUBDOMAIN),
                hostname,
                listener.number("port", 1, References.MAX_PORT),
                protocol,
                tls(listener, protocol, namespace),
                allowedRoutes(listener.object("allowedRoutes")));
    }

    private static @Nullable Tls tls(Fields listener, String protocol, String namespace) {
        if (!listener.has("tls")) {
            if (protocol.equals("TLS")) {
                listener.missing("tls", "tls with a mode for protocol TLS");
            }
            return null;
        }
        if (WITHOUT_TLS.contains(protocol)) {
            listener.error("tls", "a map (expected: none for protocol " + protocol + ")");
        }
        Fields tls = listener.object("tls");
        String mode = tls.choice("mode", "Terminate", "Terminate", "Passthrough");
        if (protocol.equals("HTTPS") && !mode.equals("Terminate")) {
            tls.error("mode", mode + " (expected: Terminate for protocol HTTPS)");
        }
        List<SecretRef> certificates =
                tls.list("certificateRefs", 0, 64).stream()
                        .map(ref -> secretRef(ref, namespace))
                        .toList();
        if (mode.equals("Terminate") && certificates.isEmpty() && !tls.has("options")) {
            tls.missing("certificateRefs", "at least one when mode is Terminate");
        }
        tls.noEffect("options", "frontendValidation");
        return new Tls(mode, certificates);
    }

    private static SecretRef secretRef(Fields ref, String namespace) {
        return new SecretRef(
                ref.textOr("group", "", TextRule.GROUP),
                ref.textOr("kind", "Secret", TextRule.KIND),
                ref.textOr("namespace", namespace, TextRule.DNS_LABEL),
                ref.text("name", TextRule.OBJECT_NAME));
    }

    private static AllowedRoutes allowedRoutes(Fields allowed) {
        Fields namespaces = allowed.object("namespaces");
        String from = namespaces.choice("from", "Same", "All", "Selector", "Same");
        LabelSelector selector = Selectors.selector(namespaces.object("selector"));
        if (from.equals("Selector") && !namespaces.has("selector")) {
            namespaces.missing("selector", "a label selector when from is Selector");
        }
        List<RouteKind> kinds =
                allowed.list("kinds", 0, 8).stream().map(GatewayDecoder::routeKind).toList();
        return new AllowedRoutes(from, selector, kinds);
    }

    private static RouteKind routeKind(Fields kind) {
        return new RouteKind(
                kind.textOr("group", References.GATEWAY_GROUP, TextRule.GROUP),
                kind.text("kind", TextRule.KIND));
    }

    private static void checkUnique(List<Fields> written, List<Listener> listeners) {
        Unique.check(
                written, "name", listeners, Listener::name, "a name for each listener of its own");
        Unique.check(
                written,
                "",
                listeners,
                l -> "port " + l.port() + " with protocol " + l.protocol() + hostname(l),
                "port, protocol and hostname unlike those of other listeners");
    }

    private static String hostname(Listener listener) {
        return listener.hostname() == null ? "" : " and hostname " + listener.hostname();
    }

    private static List<Address> addresses(Fields spec) {
        List<Fields> written = spec.list("addresses", 0, 16);
        List<Address> addresses = new ArrayList<>();
        for (Fields address : written) {
            addresses.add(address(address));
        }
        List<Fields> given = new ArrayList<>();
        List<Address> values = new ArrayList<>();
        for (int i = 0; i < addresses.size(); i++) {
            String type = addresses.get(i).type();
            boolean checked = type.equals("IPAddress") || type.equals("Hostname");
            if (checked && !addresses.get(i).value().isEmpty()) {
                given.add(written.get(i));
                values.add(addresses.get(i));
            }
        }
        Unique.check(given, "value", values, a -> a.type() + " " + a.value(), "each address once");
        return addresses;
    }

    private static Address address(Fields address) {
        String type = address.textOr("type", "IPAddress", TextRule.ADDRESS_TYPE);
        TextRule rule =
                switch (type) {
                    case "IPAddress" -> TextRule.IP;
                    case "Hostname" -> TextRule.OPTIONAL_HOSTNAME;
                    default -> TextRule.ADDRESS;
                };
        return new Address(type, address.textOr("value", "", rule));
    }
}
