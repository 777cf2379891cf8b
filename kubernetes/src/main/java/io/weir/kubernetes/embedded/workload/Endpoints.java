package io.weir.kubernetes.embedded.workload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.weir.kubernetes.embedded.client.ApiClient;
import io.weir.kubernetes.embedded.object.LabelSelector;
import io.weir.kubernetes.embedded.object.Trees;

import java.util.Collection;
import java.util.List;
import java.util.Map;

/** Keeps one EndpointSlice for each Service with a selector. */
final class Endpoints {

    private final ApiClient client;

    Endpoints(ApiClient client) {
        this.client = client;
    }

    void reconcile(ObjectNode service, Collection<ObjectNode> pods) {
        Map<String, String> labels = Trees.stringMap(Trees.at(service, "spec", "selector"));
        if (labels.isEmpty() || Trees.isDeleting(service)) {
            return;
        }
        ObjectNode slice = slice(service);
        LabelSelector selector = LabelSelector.ofLabels(labels);
        List<ObjectNode> mine =
                pods.stream()
                        .filter(pod -> Trees.namespace(pod).equals(Trees.namespace(service)))
                        .filter(pod -> selector.matches(Trees.labels(pod)))
                        .filter(pod -> !Trees.text(pod, "status", "podIP").isEmpty())
                        .toList();
        ports(slice.putArray("ports"), service, mine);
        ArrayNode endpoints = slice.putArray("endpoints");
        mine.forEach(pod -> endpoint(endpoints.addObject(), pod));
        client.apply(slice);
    }

    private static ObjectNode slice(ObjectNode service) {
        ObjectNode slice = Trees.object();
        slice.put("apiVersion", "discovery.k8s.io/v1").put("kind", "EndpointSlice");
        ObjectNode metadata = Trees.metadata(slice);
        metadata.put("name", Trees.name(service)).put("namespace", Trees.namespace(service));
        metadata.putObject("labels")
                .put("kubernetes.io/service-name", Trees.name(service))
                .put("endpointslice.kubernetes.io/managed-by", "weir");
        Owners.control(slice, service);
        slice.put("addressType", "IPv4");
        return slice;
    }

    private static void ports(ArrayNode ports, ObjectNode service, List<ObjectNode> pods) {
        for (JsonNode port : Trees.arrayAt(service, "spec", "ports")) {
            ObjectNode node = ports.addObject().put("name", Trees.text(port, "name"));
            node.put("port", number(port, pods)).put("protocol", Trees.text(port, "protocol"));
            if (port.has("appProtocol")) {
                node.set("appProtocol", port.get("appProtocol"));
            }
        }
    }

    /** A target may be named after a port of the Pods' containers. */
    private static int number(JsonNode port, List<ObjectNode> pods) {
        JsonNode target = port.path("targetPort");
        if (!target.isTextual()) {
            return target.asInt(port.path("port").asInt());
        }
        for (ObjectNode pod : pods) {
            for (JsonNode container : Trees.arrayAt(pod, "spec", "containers")) {
                for (JsonNode named : Trees.arrayAt(container, "ports")) {
                    if (Trees.text(named, "name").equals(target.asText())) {
                        return named.path("containerPort").asInt();
                    }
                }
            }
        }
        return port.path("port").asInt();
    }

    private static void endpoint(ObjectNode endpoint, ObjectNode pod) {
        endpoint.putArray("addresses").add(Trees.text(pod, "status", "podIP"));
        boolean ready = Owners.isReady(pod);
        endpoint.putObject("conditions")
                .put("ready", ready)
                .put("serving", ready)
                .put("terminating", Trees.isDeleting(pod));
        endpoint.putObject("targetRef")
                .put("kind", "Pod")
                .put("name", Trees.name(pod))
                .put("namespace", Trees.namespace(pod))
                .put("uid", Trees.uid(pod));
    }
}
