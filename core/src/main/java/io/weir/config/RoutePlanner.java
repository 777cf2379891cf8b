package io.weir.config;

import io.weir.config.GatewayPlan.ListenerPlan;
import io.weir.config.GatewayPlan.Offer;
import io.weir.config.GatewayPlan.Ref;
import io.weir.config.GatewayPlan.Refusal;
import io.weir.config.RoutePlan.Attachment;
import io.weir.config.RoutePlan.Parent;
import io.weir.resource.Gateway;
import io.weir.resource.Gateway.AllowedRoutes;
import io.weir.resource.HttpRoute;
import io.weir.resource.Namespace;
import io.weir.resource.ObjectName;
import io.weir.resource.ParentRef;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Attaches routes to listeners: references, namespaces, kinds and host names. */
final class RoutePlanner {

    private static final String NAME_LABEL = "kubernetes.io/metadata.name";

    private final Facts facts;
    private final ProblemLog problems;

    RoutePlanner(Facts facts, ProblemLog problems) {
        this.facts = facts;
        this.problems = problems;
    }

    /** Returns what became of a route; without parents when it names no Gateway of ours. */
    RoutePlan plan(HttpRoute route) {
        List<Parent> parents = new ArrayList<>();
        for (int i = 0; i < route.parentRefs().size(); i++) {
            ParentRef ref = route.parentRefs().get(i);
            String field = "spec.parentRefs[" + i + "]";
            if (!ref.group().equals(GatewayPlan.GROUP) || !ref.kind().equals("Gateway")) {
                problems.warning(route, field, ref.kind() + " (expected: Gateway)");
                continue;
            }
            Offer offer =
                    facts.ask(
                            new Question.ListenersOf(
                                    ref.objectName(), ref.sectionName(), ref.port()));
            if (offer == null) {
                warnIfMissing(route, field, ref);
                continue;
            }
            parents.add(attach(route, field, ref, offer));
        }
        return new RoutePlan(route, parents);
    }

    private void warnIfMissing(HttpRoute route, String field, ParentRef ref) {
        var question = new Question.Exists(Gateway.class, ref.objectName());
        if (!Boolean.TRUE.equals(facts.ask(question))) {
            problems.warning(
                    route, field, "Gateway " + ref.objectName() + " (expected: an existing one)");
        }
    }

    private Parent attach(HttpRoute route, String field, ParentRef ref, Offer offer) {
        Parent parent = attach(route, ref, offer);
        if (parent.refusal() != null) {
            problems.error(route, field, parent.refusal().message());
        } else if (parent.attachments().stream().noneMatch(a -> a.listener().serves())) {
            problems.warning(
                    route,
                    field,
                    "Gateway "
                            + offer.gateway().name()
                            + ": the route attaches only to listeners that can't serve");
        }
        return parent;
    }

    private Parent attach(HttpRoute route, ParentRef ref, Offer offer) {
        Ref gateway = offer.gateway();
        List<ListenerPlan> named = offer.named();
        if (named.isEmpty()) {
            return refused(
                    ref,
                    gateway,
                    Conditions.NO_MATCHING_PARENT,
                    "Gateway " + gateway.name() + wanted(ref, offer.others()));
        }
        List<ListenerPlan> allowing =
                named.stream().filter(listener -> allows(listener, route)).toList();
        if (allowing.isEmpty()) {
            return refused(
                    ref,
                    gateway,
                    Conditions.NOT_ALLOWED_BY_LISTENERS,
                    "Gateway "
                            + gateway.name()
                            + " does not allow HTTPRoutes from namespace "
                            + route.metadata().namespace()
                            + " here (see allowedRoutes of its listeners)");
        }
        List<Attachment> attachments = attachments(route, allowing);
        return attachments.isEmpty()
                ? refused(
                        ref,
                        gateway,
                        Conditions.NO_MATCHING_LISTENER_HOSTNAME,
                        route.hostnames()
                                + " (expected: a host name of a listener of Gateway "
                                + gateway.name()
                                + ")")
                : new Parent(ref, gateway, null, attachments);
    }

    private static String wanted(ParentRef ref, List<ListenerPlan> listeners) {
        List<String> have =
                listeners.stream()
                        .map(l -> l.spec().name() + " on port " + l.spec().port())
                        .toList();
        String section = ref.sectionName() == null ? "" : " listener " + ref.sectionName();
        String port = ref.port() == null ? "" : " port " + ref.port();
        return section + port + " (expected: one of " + String.join(", ", have) + ")";
    }

    private static Parent refused(ParentRef ref, Ref gateway, String reason, String message) {
        return new Parent(ref, gateway, new Refusal(reason, message), List.of());
    }

    private boolean allows(ListenerPlan listener, HttpRoute route) {
        if (!listener.takes(route.group(), route.kind())) {
            return false;
        }
        AllowedRoutes allowed = listener.spec().allowedRoutes();
        String namespace = route.metadata().namespace();
        return switch (allowed.from()) {
            case "All" -> true;
            case "Same" -> namespace.equals(listener.gateway().namespace());
            case "Selector" -> allowed.selector().matches(labels(namespace));
            default -> false;
        };
    }

    private Map<String, String> labels(String namespace) {
        Map<String, String> labels = new HashMap<>();
        labels.put(NAME_LABEL, namespace);
        facts.find(Namespace.class, new ObjectName("", namespace))
                .ifPresent(found -> labels.putAll(found.metadata().labels()));
        return labels;
    }

    private static List<Attachment> attachments(HttpRoute route, List<ListenerPlan> listeners) {
        List<Attachment> attachments = new ArrayList<>();
        for (ListenerPlan listener : listeners) {
            List<String> hostnames =
                    Hostnames.intersection(listener.spec().hostname(), route.hostnames());
            if (route.hostnames().isEmpty() || !hostnames.isEmpty()) {
                attachments.add(new Attachment(listener, hostnames));
            }
        }
        return attachments;
    }
}
