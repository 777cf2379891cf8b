package io.weir.config;

import static io.weir.config.StatusCondition.no;
import static io.weir.config.StatusCondition.yes;

import io.weir.config.GatewayPlan.ListenerPlan;
import io.weir.config.GatewayPlan.Refusal;
import io.weir.resource.GatewayClass;
import io.weir.resource.InferencePool;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;

/** Words the statuses of Gateway API objects and pools. */
final class StatusCompiler {

    /** What is served, by the names of the Gateway API and its Inference Extension, in order. */
    private static final List<String> SUPPORTED_FEATURES =
            List.of(
                    "Gateway",
                    "GatewayAddressEmpty",
                    "GatewayPort8080",
                    "GatewayStaticAddresses",
                    "HTTPRoute",
                    "HTTPRouteBackendRequestHeaderModification",
                    "HTTPRouteBackendTimeout",
                    "HTTPRouteHostRewrite",
                    "HTTPRouteMethodMatching",
                    "HTTPRouteNamedRouteRule",
                    "HTTPRouteParentRefPort",
                    "HTTPRoutePathRedirect",
                    "HTTPRoutePathRewrite",
                    "HTTPRoutePortRedirect",
                    "HTTPRouteQueryParamMatching",
                    "HTTPRouteRequestMirror",
                    "HTTPRouteRequestMultipleMirrors",
                    "HTTPRouteRequestPercentageMirror",
                    "HTTPRouteRequestTimeout",
                    "HTTPRouteResponseHeaderModification",
                    "HTTPRouteSchemeRedirect",
                    "ReferenceGrant",
                    "SupportInferencePool");

    private StatusCompiler() {}

    static Status of(GatewayClass gatewayClass) {
        return Status.ofFeatures(
                gatewayClass,
                List.of(yes(Conditions.ACCEPTED, Conditions.ACCEPTED)),
                SUPPORTED_FEATURES);
    }

    /**
     * Returns the status of a Gateway.
     *
     * @param attachedRoutes number of routes by listener
     */
    static Status of(GatewayPlan gateway, ToIntFunction<ListenerPlan> attachedRoutes) {
        List<ListenerStatus> listeners = new ArrayList<>();
        for (ListenerPlan plan : gateway.listeners()) {
            listeners.add(
                    new ListenerStatus(
                            plan.spec().name(),
                            plan.kinds(),
                            attachedRoutes.applyAsInt(plan),
                            conditions(plan)));
        }
        return Status.ofListeners(
                gateway.gateway(),
                conditions(gateway),
                listeners,
                gateway.address().isEmpty() ? List.of() : List.of(gateway.address()));
    }

    private static List<StatusCondition> conditions(GatewayPlan gateway) {
        Refusal refusal = gateway.refusal();
        if (refusal != null) {
            return List.of(
                    no(Conditions.ACCEPTED, refusal.reason(), refusal.message()),
                    no(Conditions.PROGRAMMED, Conditions.INVALID, refusal.message()));
        }
        String faulty =
                gateway.listeners().stream()
                        .filter(plan -> plan.refusal() != null)
                        .map(plan -> plan.spec().name())
                        .collect(Collectors.joining(", "));
        String message = "listeners that can't serve: " + faulty;
        if (gateway.listeners().stream().allMatch(plan -> plan.refusal() != null)) {
            return List.of(
                    no(Conditions.ACCEPTED, Conditions.LISTENERS_NOT_VALID, message),
                    no(Conditions.PROGRAMMED, Conditions.INVALID, message));
        }
        return List.of(
                faulty.isEmpty()
                        ? yes(Conditions.ACCEPTED, Conditions.ACCEPTED)
                        : yes(Conditions.ACCEPTED, Conditions.LISTENERS_NOT_VALID, message),
                programmed(gateway.unaddressed()));
    }

    private static StatusCondition programmed(@Nullable Refusal refusal) {
        return refusal == null
                ? yes(Conditions.PROGRAMMED, Conditions.PROGRAMMED)
                : no(Conditions.PROGRAMMED, refusal.reason(), refusal.message());
    }

    private static List<StatusCondition> conditions(ListenerPlan plan) {
        Refusal refusal = plan.refusal();
        boolean conflict =
                refusal != null
                        && (refusal.reason().equals(Conditions.HOSTNAME_CONFLICT)
                                || refusal.reason().equals(Conditions.PROTOCOL_CONFLICT));
        return List.of(
                refusal == null
                        ? yes(Conditions.ACCEPTED, Conditions.ACCEPTED)
                        : no(Conditions.ACCEPTED, refusal.reason(), refusal.message()),
                plan.serves()
                        ? yes(Conditions.PROGRAMMED, Conditions.PROGRAMMED)
                        : no(
                                Conditions.PROGRAMMED,
                                Conditions.INVALID,
                                refusal == null ? "the Gateway is not served" : refusal.message()),
                resolved(plan.unresolved()),
                refusal != null && conflict
                        ? yes(Conditions.CONFLICTED, refusal.reason(), refusal.message())
                        : no(Conditions.CONFLICTED, Conditions.NO_CONFLICTS, ""));
    }

    /** Returns the status of a route at each parent. */
    static Status of(RoutePlan plan, CompiledRoute route) {
        List<ParentStatus> parents = new ArrayList<>();
        for (RoutePlan.Parent parent : plan.parents()) {
            parents.add(
                    new ParentStatus(
                            parent.ref(),
                            parent.gateway().controllerName(),
                            conditions(parent.refusal(), route)));
        }
        return Status.ofParents(plan.route(), parents);
    }

    private static List<StatusCondition> conditions(
            @Nullable Refusal refusal, CompiledRoute route) {
        List<StatusCondition> conditions = new ArrayList<>();
        String invalid = String.join("; ", route.invalid());
        if (refusal != null) {
            conditions.add(no(Conditions.ACCEPTED, refusal.reason(), refusal.message()));
        } else if (!route.isUsable()) {
            conditions.add(no(Conditions.ACCEPTED, Conditions.UNSUPPORTED_VALUE, invalid));
        } else {
            conditions.add(yes(Conditions.ACCEPTED, Conditions.ACCEPTED));
        }
        conditions.add(resolved(route));
        if (refusal == null && route.isUsable() && !route.invalid().isEmpty()) {
            conditions.add(
                    yes(Conditions.PARTIALLY_INVALID, Conditions.UNSUPPORTED_VALUE, invalid));
        }
        return conditions;
    }

    private static StatusCondition resolved(CompiledRoute route) {
        if (route.unresolved().isEmpty()) {
            return resolved((Refusal) null);
        }
        String all =
                route.unresolved().stream().map(Refusal::message).collect(Collectors.joining("; "));
        return no(Conditions.RESOLVED_REFS, route.unresolved().getFirst().reason(), all);
    }

    /**
     * Returns the status of a pool at each Gateway whose routes name it.
     *
     * @param picker what was found out about its picker
     * @param endpoints how many endpoints it has
     */
    static Status of(
            InferencePool pool,
            PickerConfigs.Found picker,
            EndpointCount endpoints,
            List<PoolUser> users) {
        return Status.ofParents(
                pool,
                users.stream()
                        .map(user ->
                                new ParentStatus(
                                        user.gateway().reference(),
                                        user.gateway().controllerName(),
                                        List.of(
                                                accepted(pool, user),
                                                resolved(picker),
                                                ready(endpoints))))
                        .toList());
    }

    private static StatusCondition accepted(InferencePool pool, PoolUser user) {
        if (!user.accepted()) {
            return no(
                    Conditions.ACCEPTED,
                    Conditions.HTTP_ROUTE_NOT_ACCEPTED,
                    "no HTTPRoute to the pool is accepted at Gateway " + user.gateway().name());
        }
        return switch (pool.appProtocol()) {
            case HTTP -> yes(Conditions.ACCEPTED, Conditions.ACCEPTED);
            case H2C ->
                    no(
                            Conditions.ACCEPTED,
                            Conditions.NOT_SUPPORTED_BY_PARENT,
                            "appProtocol " + Conditions.H2C_IS_NOT_SPOKEN);
        };
    }

    private static StatusCondition resolved(PickerConfigs.Found picker) {
        return picker.refusal() == null
                ? yes(Conditions.RESOLVED_REFS, Conditions.RESOLVED_REFS, picker.note())
                : resolved(picker.refusal());
    }

    private static StatusCondition ready(EndpointCount endpoints) {
        return endpoints.ready() > 0
                ? yes(Conditions.READY, Conditions.ENDPOINTS_READY, endpoints.toString())
                : no(Conditions.READY, Conditions.NO_ENDPOINTS_READY, endpoints.toString());
    }

    private static StatusCondition resolved(@Nullable Refusal refusal) {
        return refusal == null
                ? yes(Conditions.RESOLVED_REFS, Conditions.RESOLVED_REFS)
                : no(Conditions.RESOLVED_REFS, refusal.reason(), refusal.message());
    }
}
