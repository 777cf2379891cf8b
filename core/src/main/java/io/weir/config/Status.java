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
 */
public record Status(
        ObjectKey object,
        long observedGeneration,
        List<StatusCondition> conditions,
        List<ListenerStatus> listeners,
        List<ParentStatus> parents) {

    public Status {
        conditions = List.copyOf(conditions);
        listeners = List.copyOf(listeners);
        parents = List.copyOf(parents);
    }

    static Status of(Resource resource, List<StatusCondition> conditions) {
        return new Status(
                resource.key(), resource.metadata().generation(), conditions, List.of(), List.of());
    }

    static Status ofListeners(
            Resource resource, List<StatusCondition> conditions, List<ListenerStatus> listeners) {
        return new Status(
                resource.key(), resource.metadata().generation(), conditions, listeners, List.of());
    }

    static Status ofParents(Resource resource, List<ParentStatus> parents) {
        return new Status(
                resource.key(), resource.metadata().generation(), List.of(), List.of(), parents);
    }
}
