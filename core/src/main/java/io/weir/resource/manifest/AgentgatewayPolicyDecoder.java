package io.weir.resource.manifest;

import io.weir.resource.AgentgatewayPolicy;
import io.weir.resource.AgentgatewayPolicy.HeaderExpression;
import io.weir.resource.InferencePool;
import io.weir.resource.ObjectMeta;
import io.weir.resource.ParentRef;

import java.util.ArrayList;
import java.util.List;

/** Reads AgentgatewayPolicies: request headers that are set before routes match. */
final class AgentgatewayPolicyDecoder {

    private static final String[] TRAFFIC_UNREAD = {
        "apiKeyAuthentication",
        "authorization",
        "basicAuthentication",
        "buffer",
        "cors",
        "csrf",
        "delay",
        "directResponse",
        "extAuth",
        "extProc",
        "headerModifiers",
        "hostRewrite",
        "jwtAuthentication",
        "rateLimit",
        "retry",
        "timeouts"
    };

    private static final List<String> NOT_BEFORE_ROUTING =
            List.of(
                    "buffer",
                    "csrf",
                    "delay",
                    "directResponse",
                    "headerModifiers",
                    "hostRewrite",
                    "rateLimit",
                    "retry",
                    "timeouts");

    private static final List<String> TRAFFIC_TARGETS =
            List.of("Gateway", "HTTPRoute", "GRPCRoute", "ListenerSet", "InferencePool");

    private static final List<String> PSEUDO_HEADERS =
            List.of(":authority", ":method", ":path", ":scheme", ":status");

    private AgentgatewayPolicyDecoder() {}

    static AgentgatewayPolicy decode(ObjectMeta metadata, Fields object) {
        Fields spec = object.requiredObject("spec");
        spec.noEffect("backend", "frontend", "strategy");
        if (!spec.has("traffic") && !spec.has("frontend") && !spec.has("backend")) {
            spec.missing("traffic", "what the policy does");
        }
        Fields traffic = spec.object("traffic");
        traffic.noEffect(TRAFFIC_UNREAD);
        String phase = traffic.choice("phase", "PostRouting", "PreRouting", "PostRouting");
        if (phase.equals("PreRouting")) {
            for (String name : NOT_BEFORE_ROUTING) {
                if (traffic.has(name)) {
                    traffic.error(name, "given (expected: none when phase is PreRouting)");
                }
            }
        }
        List<ParentRef> targets = targets(spec, metadata.namespace(), phase);
        List<HeaderExpression> headers = headers(traffic.object("transformation"));
        if (!phase.equals("PreRouting") && !headers.isEmpty()) {
            traffic.warning("phase", phase + " has no effect in Weir (write PreRouting)");
            headers = List.of();
        }
        return new AgentgatewayPolicy(metadata, targets, headers);
    }

    private static List<ParentRef> targets(Fields spec, String namespace, String phase) {
        spec.noEffect("targetSelectors");
        if (spec.has("targetRefs") && spec.has("targetSelectors")) {
            spec.error("targetSelectors", "a list (expected: none beside targetRefs)");
        }
        if (!spec.has("targetRefs")) {
            if (!spec.has("targetSelectors")) {
                spec.missing("targetRefs", "the Gateways that the policy applies to");
            }
            return List.of();
        }
        List<ParentRef> targets = new ArrayList<>();
        for (Fields ref : spec.list("targetRefs", 1, 16)) {
            ref.noEffect("port");
            ParentRef target = References.target(ref, namespace);
            if (!ref.failed()) {
                check(spec, ref, target, phase);
                checkKind(ref, target, targets);
            }
            targets.add(target);
        }
        return targets;
    }

    private static void check(Fields spec, Fields ref, ParentRef target, String phase) {
        String kind = target.kind();
        boolean early = kind.equals("Gateway") || kind.equals("ListenerSet");
        if (phase.equals("PreRouting") && !early) {
            ref.error("kind", kind + " (expected: Gateway when phase is PreRouting)");
        } else if (spec.has("traffic") && !TRAFFIC_TARGETS.contains(kind)) {
            ref.error("kind", kind + Fields.expected(Fields.oneOf(TRAFFIC_TARGETS)));
        } else if (!target.group().equals(groupOf(kind))) {
            String shown = Values.quote(target.group());
            String wanted = groupOf(kind).isEmpty() ? "\"\"" : groupOf(kind);
            ref.error("group", shown + Fields.expected(wanted + " for kind " + kind));
        }
        if (ref.has("port") && (spec.has("traffic") || spec.has("backend"))) {
            ref.error("port", "given (expected: none beside traffic or backend)");
        }
    }

    private static void checkKind(Fields ref, ParentRef target, List<ParentRef> before) {
        if (!before.isEmpty() && !before.getFirst().kind().equals(target.kind())) {
            String first = before.getFirst().kind();
            ref.error("kind", target.kind() + " (expected: " + first + " as in the first entry)");
        }
    }

    private static String groupOf(String kind) {
        return switch (kind) {
            case "InferencePool" -> InferencePool.GROUP;
            case "AgentgatewayBackend" -> "agentgateway.dev";
            case "Service" -> "";
            default -> References.GATEWAY_GROUP;
        };
    }

    private static List<HeaderExpression> headers(Fields transformation) {
        transformation.noEffect("conditional", "response");
        boolean conditional = transformation.has("conditional");
        boolean direct = transformation.has("request") || transformation.has("response");
        if (conditional && direct) {
            transformation.error("conditional", "a list (expected: none beside other fields)");
        } else if (!conditional && !direct) {
            transformation.missing("request", "what to change");
        }
        Fields request = transformation.object("request");
        request.noEffect("add", "body", "metadata", "remove");
        if (request.names().isEmpty()) {
            request.missing("set", "headers to set");
        }
        List<HeaderExpression> headers = new ArrayList<>();
        List<Fields> written = new ArrayList<>();
        for (Fields header : request.list("set", request.has("set") ? 1 : 0, 16)) {
            String value = header.text("value", TextRule.EXPRESSION);
            String name = header.value("name").asText();
            if (PSEUDO_HEADERS.contains(name)) {
                header.noEffect("name");
                continue;
            }
            written.add(header);
            headers.add(new HeaderExpression(header.text("name", TextRule.HEADER_NAME), value));
        }
        Unique.check(written, "name", headers, HeaderExpression::name, "each name once");
        return headers;
    }
}
