package io.weir.kubernetes.status;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.weir.config.ListenerStatus;
import io.weir.config.Status;
import io.weir.kubernetes.embedded.object.Trees;

import java.net.InetAddress;
import java.util.List;
import java.util.function.Predicate;

/** Renders a status into the one that is there. */
final class StatusTree {

    private final ObjectNode before;
    private final StatusShape shape;
    private final ConditionTree conditions;
    private final ParentTree parents;

    /**
     * @param before the status that is there; not changed
     * @param ours whether a controller's name is ours
     * @param conditions renders conditions
     */
    StatusTree(
            ObjectNode before,
            StatusShape shape,
            Predicate<String> ours,
            ConditionTree conditions) {
        this.before = before;
        this.shape = shape;
        this.conditions = conditions;
        this.parents = new ParentTree(shape, ours, conditions);
    }

    /**
     * Returns the status; members that others wrote stay.
     *
     * @param addresses addresses of a Gateway
     */
    ObjectNode render(Status status, List<String> addresses) {
        ObjectNode after = Trees.shallowCopy(before);
        switch (shape) {
            case CONDITIONS -> after.set("conditions", conditions(status));
            case GATEWAY_CLASS -> {
                after.set("conditions", conditions(status));
                after.set("supportedFeatures", features(status));
            }
            case GATEWAY -> {
                after.set("conditions", conditions(status));
                after.set("listeners", listeners(status));
                after.set("addresses", addresses(addresses));
            }
            case PARENTS, OLD_PARENTS, ANCESTORS -> parents(after, status);
        }
        return after;
    }

    private ArrayNode conditions(Status status) {
        return conditions.render(Trees.arrayAt(before, "conditions"), status.conditions());
    }

    private static ArrayNode features(Status status) {
        ArrayNode features = Trees.array();
        status.features().forEach(name -> features.addObject().put("name", name));
        return features;
    }

    private static ArrayNode addresses(List<String> addresses) {
        ArrayNode list = Trees.array();
        for (String address : addresses) {
            list.addObject()
                    .put("type", isNumeric(address) ? "IPAddress" : "Hostname")
                    .put("value", address);
        }
        return list;
    }

    private static boolean isNumeric(String address) {
        try {
            InetAddress.ofLiteral(address);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private ArrayNode listeners(Status status) {
        ArrayNode list = Trees.array();
        for (ListenerStatus listener : status.listeners()) {
            JsonNode old = find(Trees.arrayAt(before, "listeners"), listener.name());
            ObjectNode node = list.addObject().put("name", listener.name());
            ArrayNode kinds = node.putArray("supportedKinds");
            listener.supportedKinds()
                    .forEach(kind ->
                            kinds.addObject().put("group", kind.group()).put("kind", kind.kind()));
            node.put("attachedRoutes", listener.attachedRoutes());
            node.set(
                    "conditions",
                    conditions.render(Trees.arrayAt(old, "conditions"), listener.conditions()));
        }
        return list;
    }

    private void parents(ObjectNode after, Status status) {
        ArrayNode old = Trees.arrayAt(before, parents.list());
        ArrayNode now = parents.render(old, status.parents());
        if (!now.isEmpty() || !old.isEmpty()) {
            after.set(parents.list(), now);
        }
    }

    static JsonNode find(ArrayNode list, String name) {
        for (JsonNode entry : list) {
            if (Trees.text(entry, "name").equals(name)) {
                return entry;
            }
        }
        return Trees.object();
    }
}
