package io.weir.config;

import io.weir.resource.ParentRef;

import java.util.List;

/**
 * What one parent makes of an object: a Gateway of a route or pool, or the target of a policy.
 *
 * @param parent the parent as the object refers to it
 * @param controllerName controller that speaks for the parent
 * @param conditions conditions
 */
public record ParentStatus(
        ParentRef parent, String controllerName, List<StatusCondition> conditions) {

    public ParentStatus {
        conditions = List.copyOf(conditions);
    }
}
