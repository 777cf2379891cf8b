package io.weir.resource.manifest;

import io.weir.resource.AgentgatewayPolicy;
import io.weir.resource.AgentgatewayPolicy.HeaderExpression;
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
            boolean early = target.kind().equals("Gateway") || target.kind().equals("ListenerSet");
            if (phase.equals("PreRouting") && ref.has("kind") && !early) {
                ref.error("kind", target.kind() + " (expected: Gateway when phase is PreRouting)");
            }
            targets.add(target);
        }
        return targets;
    }

    private static List<HeaderExpression> headers(Fields transformation) {
        transformation.noEffect("conditional", "response");
        Fields request = transformation.object("request");
        request.noEffect("add", "body", "metadata", "remove");
        List<HeaderExpression> headers = new ArrayList<>();
        List<Fields> written = new ArrayList<>();
        for (Fields header : request.list("set", 0, 16)) {
            String value = header.text("value", TextRule.EXPRESSION);
            if (header.value("name").asText().startsWith(":")) {
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
