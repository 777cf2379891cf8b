package io.weir.resource;

import java.util.List;

/**
 * The part of an AgentgatewayPolicy ({@code gateway.kgateway.dev} or {@code agentgateway.dev}) that
 * sets request headers before routes are matched.
 *
 * @param metadata metadata
 * @param targetRefs Gateways (or listeners) that the policy applies to
 * @param preRoutingHeaders headers to set, values are CEL expressions
 */
public record AgentgatewayPolicy(
        ObjectMeta metadata, List<ParentRef> targetRefs, List<HeaderExpression> preRoutingHeaders)
        implements Resource {

    public AgentgatewayPolicy {
        targetRefs = List.copyOf(targetRefs);
        preRoutingHeaders = List.copyOf(preRoutingHeaders);
    }

    @Override
    public String kind() {
        return "AgentgatewayPolicy";
    }

    /**
     * A header whose value is computed.
     *
     * @param name header name
     * @param expression CEL expression over {@code request}
     */
    public record HeaderExpression(String name, String expression) {}
}
