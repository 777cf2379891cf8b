package io.weir.config;

import io.weir.resource.ObjectKey;
import io.weir.resource.Resource;

import java.util.List;

/**
 * The status of one object: what came of it.
 *
 * @param object the object
 * @param observedGeneration generation of the object that was compiled
 * @param conditions conditions of the object itself
 * @param listeners listeners of a Gateway
 * @param parents what each parent makes of a route, pool or policy
 * @param addresses addresses on which a Gateway is bound
 * @param features what a GatewayClass supports, by the names of the Gateway API
 */
public record Status(
        ObjectKey object,
        long observedGeneration,
        List<StatusCondition> conditions,
        List<ListenerStatus> listeners,
        List<ParentStatus> parents,
        List<String> addresses,
        List<String> features) {

    public Status {
        conditions = List.copyOf(conditions);
        listeners = List.copyOf(listeners);
        parents = List.copyOf(parents);
        addresses = List.copyOf(addresses);
        features = List.copyOf(features);
    }

    static Status of(Resource resource, List<StatusCondition> conditions) {
        return of(resource, conditions, List.of(), List.of(), List.of(), List.of());
    }

    static Status ofFeatures(
            Resource resource, List<StatusCondition> conditions, List<String> features) {
        return of(resource, conditions, List.of(), List.of(), List.of(), features);
    }

    static Status ofListeners(
            Resource resource,
            List<StatusCondition> conditions,
            List<ListenerStatus> listeners,
            List<String> addresses) {
        return of(resource, conditions, listeners, List.of(), addresses, List.of());
    }

    static Status ofParents(Resource resource, List<ParentStatus> parents) {
        return of(resource, List.of(), List.of(), parents, List.of(), List.of());
    }

    /** Returns this status with one more condition, which takes the place of one of its type. */
    public Status with(StatusCondition condition) {
        return new Status(
                object,
                observedGeneration,
                condition.into(conditions),
                listeners,
                parents,
                addresses,
                features);
    }

    /** Returns this status with other listeners. */
    public Status with(List<ListenerStatus> others) {
        return new Status(
                object, observedGeneration, conditions, others, parents, addresses, features);
    }

    private static Status of(
            Resource resource,
            List<StatusCondition> conditions,
            List<ListenerStatus> listeners,
            List<ParentStatus> parents,
            List<String> addresses,
            List<String> features) {
        return new Status(
                resource.key(),
                resource.metadata().generation(),
                conditions,
                listeners,
                parents,
                addresses,
                features);
    }
}
