package io.weir.kubernetes.status;

import io.weir.resource.InferencePool;
import io.weir.resource.ObjectKey;

/** What the status of a kind looks like. */
enum StatusShape {
    /** Conditions of the object itself. */
    CONDITIONS,
    /** Conditions, features. */
    GATEWAY_CLASS,
    /** Conditions, listeners and addresses. */
    GATEWAY,
    /** What each parent makes of it, by controller and reference. */
    PARENTS,
    /** Parents as the experimental InferencePool has them: without controllers. */
    OLD_PARENTS,
    /** What each ancestor makes of a policy. */
    ANCESTORS;

    static StatusShape of(ObjectKey key) {
        return switch (key.kind()) {
            case "GatewayClass" -> GATEWAY_CLASS;
            case "Gateway" -> GATEWAY;
            case "HTTPRoute" -> PARENTS;
            case "InferencePool" ->
                    key.group().equals(InferencePool.EXPERIMENTAL_GROUP) ? OLD_PARENTS : PARENTS;
            case "AgentgatewayPolicy",
                    "BackendTLSPolicy",
                    "BackendTrafficPolicy",
                    "ClientTrafficPolicy" ->
                    ANCESTORS;
            default -> CONDITIONS;
        };
    }
}
