package io.weir.kubernetes.embedded.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.weir.kubernetes.embedded.object.FieldError;
import io.weir.kubernetes.embedded.object.Names;
import io.weir.kubernetes.embedded.object.Trees;
import io.weir.kubernetes.embedded.store.ObjectStore;
import io.weir.kubernetes.embedded.store.Stored;

import org.jspecify.annotations.Nullable;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Services: ports, and addresses from a range. The address only tells Services apart, as in any
 * cluster without a proxy on its machines: nobody listens there.
 */
final class ServiceRules implements KindRules {

    private static final int FIRST_NODE_PORT = 30_000;
    private static final int LAST_NODE_PORT = 32_767;
    private static final int ADDRESSES = 1 << 16;

    private final ObjectStore store;

    ServiceRules(ObjectStore store) {
        this.store = store;
    }

    @Override
    public String nameProblem(String name) {
        return Names.dns1035Problem(name);
    }

    @Override
    public void prepare(ObjectNode object, @Nullable ObjectNode old) {
        ObjectNode spec = Trees.child(object, "spec");
        String type = Trees.text(spec, "type");
        for (JsonNode port : Trees.arrayAt(spec, "ports")) {
            if (port instanceof ObjectNode node && !node.has("targetPort")) {
                node.set("targetPort", node.path("port"));
            }
        }
        if (type.equals("ExternalName")) {
            return;
        }
        address(spec, old);
        if (type.equals("NodePort") || type.equals("LoadBalancer")) {
            nodePorts(spec);
        }
    }

    private void address(ObjectNode spec, @Nullable ObjectNode old) {
        if (Trees.text(spec, "clusterIP").isEmpty()) {
            String present = old == null ? "" : Trees.text(old, "spec", "clusterIP");
            spec.put("clusterIP", present.isEmpty() ? freeAddress() : present);
        }
        spec.putArray("clusterIPs").add(Trees.text(spec, "clusterIP"));
        if (!spec.has("ipFamilies")) {
            spec.putArray("ipFamilies").add("IPv4");
        }
        if (!spec.has("ipFamilyPolicy")) {
            spec.put("ipFamilyPolicy", "SingleStack");
        }
    }

    private String freeAddress() {
        Set<String> taken = new HashSet<>();
        for (Stored service : store.list("services", "").items()) {
            taken.add(Trees.text(service.object(), "spec", "clusterIP"));
        }
        for (int i = 1; i < ADDRESSES - 1; i++) {
            String address = "10.96." + (i >> 8) + "." + (i & 0xff);
            if (!taken.contains(address)) {
                return address;
            }
        }
        return "None";
    }

    private void nodePorts(ObjectNode spec) {
        Set<Integer> taken = new HashSet<>();
        for (Stored service : store.list("services", "").items()) {
            Trees.arrayAt(service.object(), "spec", "ports")
                    .forEach(port -> taken.add(port.path("nodePort").asInt(0)));
        }
        for (JsonNode port : Trees.arrayAt(spec, "ports")) {
            if (port instanceof ObjectNode node && node.path("nodePort").asInt(0) == 0) {
                for (int candidate = FIRST_NODE_PORT; candidate <= LAST_NODE_PORT; candidate++) {
                    if (taken.add(candidate)) {
                        node.put("nodePort", candidate);
                        break;
                    }
                }
            }
        }
    }

    @Override
    public void validate(ObjectNode object, @Nullable ObjectNode old, List<FieldError> errors) {
        ObjectNode spec = Trees.objectAt(object, "spec");
        ArrayNode ports = Trees.arrayAt(spec, "ports");
        boolean external = Trees.text(spec, "type").equals("ExternalName");
        if (external && Trees.text(spec, "externalName").isEmpty()) {
            errors.add(FieldError.required("spec.externalName", ""));
        }
        if (ports.isEmpty() && !external && !Trees.text(spec, "clusterIP").equals("None")) {
            errors.add(FieldError.required("spec.ports", ""));
        }
        ports(ports, errors);
        if (old != null && !external) {
            fixedAddress(spec, Trees.text(old, "spec", "clusterIP"), errors);
        }
    }

    private static void ports(ArrayNode ports, List<FieldError> errors) {
        Set<String> names = new HashSet<>();
        for (int i = 0; i < ports.size(); i++) {
            String name = Trees.text(ports.get(i), "name");
            String path = "spec.ports[" + i + "].name";
            if (name.isEmpty() && ports.size() > 1) {
                errors.add(FieldError.required(path, ""));
            } else if (!name.isEmpty() && !names.add(name)) {
                errors.add(FieldError.duplicate(path, name));
            }
        }
    }

    private static void fixedAddress(ObjectNode spec, String before, List<FieldError> errors) {
        String after = Trees.text(spec, "clusterIP");
        if (!before.isEmpty() && !before.equals(after)) {
            errors.add(FieldError.invalid("spec.clusterIP", after, "field is immutable"));
        }
    }
}
