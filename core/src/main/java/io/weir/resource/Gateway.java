package io.weir.resource;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * A Gateway ({@code gateway.networking.k8s.io}).
 *
 * @param metadata metadata
 * @param gatewayClassName name of the GatewayClass
 * @param listeners listeners in order, names unique
 * @param addresses requested addresses
 * @param parametersRef parameters that its infrastructure is to have; null for none
 */
public record Gateway(
        ObjectMeta metadata,
        String gatewayClassName,
        List<Listener> listeners,
        List<Address> addresses,
        @Nullable ParametersRef parametersRef)
        implements Resource {

    public Gateway {
        listeners = List.copyOf(listeners);
        addresses = List.copyOf(addresses);
    }

    @Override
    public String kind() {
        return "Gateway";
    }

    /**
     * One listener.
     *
     * @param name name, unique within the Gateway
     * @param hostname exact or {@code *.}-wildcard host name, lower case; null for every host
     * @param port port, 1..65535
     * @param protocol {@code HTTP}, {@code HTTPS}, {@code TLS}, {@code TCP}, {@code UDP} or an
     *     implementation's own; unknown protocols are a status, not a decoding error
     * @param tls certificates of HTTPS and TLS listeners; null when absent
     * @param allowedRoutes which routes may attach
     */
    public record Listener(
            String name,
            @Nullable String hostname,
            int port,
            String protocol,
            @Nullable Tls tls,
            AllowedRoutes allowedRoutes) {}

    /**
     * TLS settings of a listener.
     *
     * @param mode {@code Terminate} or {@code Passthrough}
     * @param certificateRefs Secrets that hold certificate and key
     */
    public record Tls(String mode, List<SecretRef> certificateRefs) {
        public Tls {
            certificateRefs = List.copyOf(certificateRefs);
        }
    }

    /**
     * A reference to a Secret (or another kind, which is a status, not a decoding error).
     *
     * @param group API group
     * @param kind kind
     * @param namespace namespace, resolved
     * @param name name
     */
    public record SecretRef(String group, String kind, String namespace, String name) {}

    /**
     * Which routes may attach to a listener.
     *
     * @param from {@code Same} (default), {@code All}, {@code Selector} or {@code None}
     * @param selector label selector for namespaces when {@code from} is {@code Selector}
     * @param kinds allowed route kinds; empty for the protocol's defaults
     */
    public record AllowedRoutes(String from, LabelSelector selector, List<RouteKind> kinds) {
        public AllowedRoutes {
            kinds = List.copyOf(kinds);
        }
    }

    /**
     * A kind of route.
     *
     * @param group API group
     * @param kind kind
     */
    public record RouteKind(String group, String kind) {}

    /**
     * A requested address.
     *
     * @param type for instance {@code IPAddress} or {@code Hostname}
     * @param value the address; empty asks for any
     */
    public record Address(String type, String value) {}

    /**
     * A reference to parameters in the Gateway's namespace.
     *
     * @param group API group
     * @param kind kind
     * @param name name
     */
    public record ParametersRef(String group, String kind, String name) {}
}
