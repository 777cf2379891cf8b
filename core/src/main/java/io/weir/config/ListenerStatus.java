package io.weir.config;

import io.weir.resource.Gateway.RouteKind;

import java.util.List;

/**
 * The status of a listener.
 *
 * @param name name of the listener
 * @param supportedKinds kinds of routes that it takes
 * @param attachedRoutes routes that are attached, whether their references resolve or not
 * @param conditions Accepted, Programmed, ResolvedRefs and Conflicted
 */
public record ListenerStatus(
        String name,
        List<RouteKind> supportedKinds,
        int attachedRoutes,
        List<StatusCondition> conditions) {

    public ListenerStatus {
        supportedKinds = List.copyOf(supportedKinds);
        conditions = List.copyOf(conditions);
    }

    /** Returns this status with one more condition, which takes the place of one of its type. */
    public ListenerStatus with(StatusCondition condition) {
        return new ListenerStatus(name, supportedKinds, attachedRoutes, condition.into(conditions));
    }
}
