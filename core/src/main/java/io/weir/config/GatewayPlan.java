package io.weir.config;

import io.weir.resource.Gateway;
import io.weir.resource.Gateway.RouteKind;
import io.weir.resource.ObjectName;
import io.weir.resource.ParentRef;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * A Gateway of ours with its listeners judged.
 *
 * @param gateway the Gateway
 * @param controllerName controller of its class
 * @param address address to bind; empty when there is none
 * @param refusal why nothing of it is served; null when it may be
 * @param unaddressed what is wrong with its addresses; null when nothing is
 * @param listeners listeners in order
 */
record GatewayPlan(
        Gateway gateway,
        String controllerName,
        String address,
        @Nullable Refusal refusal,
        @Nullable Refusal unaddressed,
        List<ListenerPlan> listeners) {

    static final String GROUP = "gateway.networking.k8s.io";

    GatewayPlan {
        listeners = List.copyOf(listeners);
    }

    ObjectName name() {
        return gateway.metadata().objectName();
    }

    Ref ref() {
        return new Ref(name(), controllerName);
    }

    /**
     * A listener and what is wrong with it.
     *
     * @param gateway name of its Gateway
     * @param spec the listener as written
     * @param address address to bind; empty when its Gateway is not served
     * @param port port to bind, offset applied
     * @param kinds kinds of routes that it takes
     * @param refusal why it can't serve; null when it can
     * @param unresolved what is wrong with its references; null when nothing is
     */
    record ListenerPlan(
            ObjectName gateway,
            Gateway.Listener spec,
            String address,
            int port,
            List<RouteKind> kinds,
            @Nullable Refusal refusal,
            @Nullable Refusal unresolved) {
        ListenerPlan {
            kinds = List.copyOf(kinds);
        }

        Name name() {
            return new Name(gateway, spec.name());
        }

        boolean serves() {
            return refusal == null && !address.isEmpty();
        }

        boolean takes(String group, String kind) {
            return kinds.contains(new RouteKind(group, kind));
        }
    }

    /** A listener's name. */
    record Name(ObjectName gateway, String listener) {}

    /**
     * What identifies a Gateway of ours to routes.
     *
     * @param name its name
     * @param controllerName controller of its class
     */
    record Ref(ObjectName name, String controllerName) {
        /** Returns a reference to the Gateway. */
        ParentRef reference() {
            return new ParentRef(GROUP, "Gateway", name.namespace(), name.name(), null, null);
        }
    }

    /**
     * What a Gateway has for a reference.
     *
     * @param gateway the Gateway
     * @param named the listeners that the reference names
     * @param others all listeners, when it names none
     */
    record Offer(Ref gateway, List<ListenerPlan> named, List<ListenerPlan> others) {}

    /** Returns what this Gateway has for a reference. */
    Offer offer(Question.ListenersOf asked) {
        List<ListenerPlan> named =
                listeners.stream().filter(listener -> isNamed(asked, listener.spec())).toList();
        return new Offer(ref(), named, named.isEmpty() ? listeners : List.of());
    }

    private static boolean isNamed(Question.ListenersOf asked, Gateway.Listener listener) {
        return (asked.section() == null || asked.section().equals(listener.name()))
                && (asked.port() == null || asked.port() == listener.port());
    }

    /**
     * Why something is refused.
     *
     * @param reason one word, for programs
     * @param message for people
     */
    record Refusal(String reason, String message) {}
}
