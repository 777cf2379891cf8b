package io.weir.config;

import io.weir.config.GatewayPlan.ListenerPlan;
import io.weir.config.GatewayPlan.Refusal;
import io.weir.resource.HttpRoute;
import io.weir.resource.ParentRef;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * A route and the listeners that it attaches to.
 *
 * @param route the route
 * @param parents what became of each reference to a Gateway of ours, in order
 */
record RoutePlan(HttpRoute route, List<Parent> parents) {

    RoutePlan {
        parents = List.copyOf(parents);
    }

    boolean isAttached() {
        return parents.stream().anyMatch(parent -> parent.refusal == null);
    }

    /**
     * What became of one reference.
     *
     * @param ref the reference
     * @param gateway the Gateway
     * @param refusal why nothing attaches; null when something does
     * @param attachments listeners that the route attaches to
     */
    record Parent(
            ParentRef ref,
            GatewayPlan.Ref gateway,
            @Nullable Refusal refusal,
            List<Attachment> attachments) {
        Parent {
            attachments = List.copyOf(attachments);
        }
    }

    /**
     * A route at a listener.
     *
     * @param listener the listener
     * @param hostnames the route's host names that the listener can have; empty for all of its
     *     hosts
     */
    record Attachment(ListenerPlan listener, List<String> hostnames) {
        Attachment {
            hostnames = List.copyOf(hostnames);
        }
    }
}
