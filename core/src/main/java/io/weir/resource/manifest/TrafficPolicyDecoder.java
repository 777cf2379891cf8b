package io.weir.resource.manifest;

import com.fasterxml.jackson.databind.JsonNode;

import io.weir.resource.BackendTrafficPolicy;
import io.weir.resource.ClientTrafficPolicy;
import io.weir.resource.ObjectMeta;
import io.weir.resource.ParentRef;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Reads the two traffic policies of Envoy Gateway, as far as Weir honours them. */
final class TrafficPolicyDecoder {

    private static final List<String> CLIENT_TARGETS = List.of("Gateway", "ListenerSet");

    private static final List<String> BACKEND_TARGETS =
            List.of(
                    "Gateway",
                    "ListenerSet",
                    "HTTPRoute",
                    "GRPCRoute",
                    "UDPRoute",
                    "TCPRoute",
                    "TLSRoute");

    private static final String[] CLIENT_UNREAD = {
        "clientIPDetection",
        "enableProxyProtocol",
        "grpc",
        "headers",
        "healthCheck",
        "http1",
        "http2",
        "http3",
        "path",
        "proxyProtocol",
        "scheme",
        "tcpKeepalive",
        "timeout",
        "tls"
    };

    private static final String[] BACKEND_UNREAD = {
        "admissionControl",
        "bandwidthLimit",
        "circuitBreaker",
        "compression",
        "compressor",
        "connection",
        "dns",
        "faultInjection",
        "healthCheck",
        "http2",
        "httpUpgrade",
        "loadBalancer",
        "mergeType",
        "proxyProtocol",
        "rateLimit",
        "requestBuffer",
        "responseOverride",
        "retry",
        "routingType",
        "tcpKeepalive",
        "telemetry",
        "useClientProtocol"
    };

    private TrafficPolicyDecoder() {}

    static ClientTrafficPolicy decodeClient(ObjectMeta metadata, Fields object) {
        Fields spec = object.requiredObject("spec");
        spec.noEffect(CLIENT_UNREAD);
        Fields connection = spec.object("connection");
        connection.noEffect("connectionLimit", "maxAcceptPerSocketEvent", "socketBufferLimit");
        return new ClientTrafficPolicy(
                metadata,
                targets(spec, metadata.namespace(), CLIENT_TARGETS),
                bytes(connection, "bufferLimit"));
    }

    private static @Nullable Long bytes(Fields fields, String name) {
        JsonNode value = fields.value(name);
        if (value.isMissingNode()) {
            return null;
        }
        boolean scalar = value.isTextual() || value.isIntegralNumber();
        Long bytes = scalar ? Quantities.bytes(value.asText()) : null;
        if (bytes == null || bytes == 0) {
            fields.error(name, Values.show(value) + Fields.expected(Quantities.EXPECTATION));
        }
        return bytes;
    }

    static BackendTrafficPolicy decodeBackend(ObjectMeta metadata, Fields object) {
        Fields spec = object.requiredObject("spec");
        spec.noEffect(BACKEND_UNREAD);
        Fields timeout = spec.object("timeout");
        timeout.noEffect("tcp");
        Fields http = timeout.object("http");
        http.noEffect(
                "connectionIdleTimeout",
                "maxConnectionDuration",
                "maxStreamDuration",
                "streamIdleTimeout");
        Duration request = http.parsed("requestTimeout", Durations.EXPECTATION, Durations::parse);
        return new BackendTrafficPolicy(
                metadata, targets(spec, metadata.namespace(), BACKEND_TARGETS), request);
    }

    private static List<ParentRef> targets(Fields spec, String namespace, List<String> kinds) {
        spec.noEffect("targetSelectors");
        boolean one = spec.has("targetRef");
        boolean many = spec.has("targetRefs");
        if (one && many) {
            spec.error("targetRef", "a map (expected: none beside targetRefs)");
        } else if (!one && !many && !spec.has("targetSelectors")) {
            spec.missing("targetRefs", "the objects that the policy applies to");
        }
        List<ParentRef> targets = new ArrayList<>();
        if (one) {
            targets.add(target(spec.object("targetRef"), namespace, kinds));
        }
        for (Fields ref : spec.list("targetRefs", 0, Integer.MAX_VALUE)) {
            targets.add(target(ref, namespace, kinds));
        }
        return targets;
    }

    private static ParentRef target(Fields ref, String namespace, List<String> kinds) {
        ParentRef target = References.target(ref, namespace);
        if (ref.exists() && ref.has("kind") && !kinds.contains(target.kind())) {
            ref.error("kind", Values.quote(target.kind()) + Fields.expected(Fields.oneOf(kinds)));
        }
        boolean otherGroup = !target.group().equals(References.GATEWAY_GROUP);
        if (ref.exists() && ref.has("group") && otherGroup) {
            ref.error(
                    "group",
                    Values.quote(target.group()) + Fields.expected(References.GATEWAY_GROUP));
        }
        return target;
    }
}
