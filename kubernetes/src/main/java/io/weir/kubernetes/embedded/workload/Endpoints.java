package io.weir.kubernetes.embedded.workload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.weir.kubernetes.embedded.client.ApiClient;
import io.weir.kubernetes.embedded.object.LabelSelector;
import io.weir.kubernetes.embedded.object.Trees;

import java.util.Collection;
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
        ArrayNode endpoints = slice.putArray("endpoints");
        for (ObjectNode pod : pods) {
            if (Trees.namespace(pod).equals(Trees.namespace(service))
                    && selector.matches(Trees.labels(pod))
                    && !Trees.text(pod, "status", "podIP").isEmpty()) {
                endpoint(endpoints.addObject(), pod);
            }
        }
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
        ArrayNode ports = slice.putArray("ports");
        for (JsonNode port : Trees.arrayAt(service, "spec", "ports")) {
            JsonNode target = port.path("targetPort");
            ObjectNode node = ports.addObject().put("name", Trees.text(port, "name"));
            node.put("port", target.isInt() ? target.asInt() : port.path("port").asInt());
            node.put("protocol", Trees.text(port, "protocol"));
            if (port.has("appProtocol")) {
                node.set("appProtocol", port.get("appProtocol"));
            }
        }
        return slice;
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
